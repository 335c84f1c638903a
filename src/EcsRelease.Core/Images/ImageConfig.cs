using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace EcsRelease.Images;

/// <summary>The image config (image-spec config.md): the base's, with ours written over it. Members that this code does
/// not know (Healthcheck, Shell, newer ones) survive.</summary>
/// <param name="ExposedPorts">`8080/tcp` …</param>
internal sealed partial record ImageConfig(byte[] Bytes, IReadOnlyList<string> ExposedPorts)
{
    private const int LongestHistoryText = 60;

    private static readonly JsonSerializerOptions Json = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <param name="layers">Ours, bottom first: name and diffID.</param>
    public static ImageConfig Build(BaseImage baseImage, ImagePlan plan, IReadOnlyList<NameValue> layers)
    {
        var root = baseImage.Config.DeepClone().AsObject();
        var settings = plan.Project.Container;
        var config = ObjectIn(root, "config");
        var environment = Environment(config, settings);
        var start = EntryPoint.Of(settings, Strings(config["Entrypoint"]), Strings(config["Cmd"]));
        var ports = Ports(config, settings, environment);

        root["created"] = Time(plan.Created);
        config["Env"] = ArrayOf(environment.Select(variable => $"{variable.Name}={variable.Value}"));
        SetOrRemove(config, "Entrypoint", start.Entrypoint);
        SetOrRemove(config, "Cmd", start.Cmd);
        config["WorkingDir"] = settings.WorkingDirectory;
        var user = settings.User.Length > 0 ? settings.User : environment.LastOrDefault(variable => variable.Name == "APP_UID")?.Value;
        if (user is { Length: > 0 })
            config["User"] = user;
        if (ports.Count > 0)
            config[nameof(ExposedPorts)] = new JsonObject(ports.Select(port => KeyValuePair.Create<string, JsonNode?>(port, new JsonObject())));
        config["Labels"] = Labels(config, baseImage, plan);
        Extend(root, plan.Created, layers);
        return new ImageConfig(JsonSerializer.SerializeToUtf8Bytes(root, Json), ports);
    }

    private static List<NameValue> Environment(JsonObject config, ContainerSettings settings)
    {
        var merged = Strings(config["Env"]).Select(line => line.Split('=', 2)).Select(pair => new NameValue(pair[0], pair.ElementAtOrDefault(1) ?? "")).ToList();
        foreach (var variable in settings.EnvironmentVariables)
        {
            var place = merged.FindIndex(known => known.Name == variable.Name);
            if (place >= 0)
                merged[place] = variable;
            else
                merged.Add(variable);
        }
        return merged;
    }

    private static IReadOnlyList<string> Ports(JsonObject config, ContainerSettings settings, List<NameValue> environment)
    {
        string Value(string name) => environment.LastOrDefault(variable => variable.Name == name)?.Value ?? "";
        var ofBase = config[nameof(ExposedPorts)] is JsonObject exposed ? exposed.Select(port => port.Key) : [];
        var declared = settings.Ports.Select(port => $"{port.Name}/{(port.Value.Length > 0 ? port.Value.ToLowerInvariant() : "tcp")}");
        // As ASP.NET Core reads them: URLs win over port lists.
        var urls = Value("ASPNETCORE_URLS");
        var listening = urls.Length > 0
            ? PortOfUrl().Matches(urls).Select(match => match.Groups["port"].Value)
            : $"{Value("ASPNETCORE_HTTP_PORTS")};{Value("ASPNETCORE_HTTPS_PORTS")}".Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        return [.. ofBase.Concat(declared).Concat(listening.Select(port => port + "/tcp")).Distinct()
            .OrderBy(port => int.TryParse(port.Split('/')[0], CultureInfo.InvariantCulture, out var number) ? number : int.MaxValue).ThenBy(port => port, StringComparer.Ordinal)];
    }

    private static JsonObject Labels(JsonObject config, BaseImage baseImage, ImagePlan plan)
    {
        var labels = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var (name, value) in config["Labels"] as JsonObject ?? [])
            labels[name] = (string?)value ?? "";
        foreach (var label in plan.Project.Container.Labels)
            labels[label.Name] = label.Value;
        labels[ImageLabels.Created] = Time(plan.Created);
        labels["org.opencontainers.image.base.name"] = baseImage.Name.Split('@')[0];
        labels["org.opencontainers.image.base.digest"] = baseImage.Digest;
        foreach (var label in plan.Labels)
            labels[label.Name] = label.Value;
        return new JsonObject(labels.Select(label => KeyValuePair.Create<string, JsonNode?>(label.Key, label.Value)));
    }

    private static void Extend(JsonObject root, DateTimeOffset created, IReadOnlyList<NameValue> layers)
    {
        var rootfs = ObjectIn(root, "rootfs");
        rootfs["type"] = "layers";
        var known = Strings(rootfs["diff_ids"]);
        rootfs["diff_ids"] = ArrayOf(known.Concat(layers.Select(layer => layer.Value)));

        // One short line a layer: the full history of a Microsoft base is a quarter of what a small change pushes.
        var ofBase = (root["history"] as JsonArray ?? []).OfType<JsonObject>().Where(entry => (bool?)entry["empty_layer"] is not true).ToList();
        var history = ofBase.Count == known.Count
            ? ofBase.Select(entry => History((string?)entry["created"], (string?)entry["created_by"] ?? ""))
            : known.Select(_ => History(null, "base"));
        root["history"] = new JsonArray([.. history.Concat(layers.Select(layer => History(Time(created), "ecs-release " + layer.Name)))]);
    }

    private static JsonObject History(string? created, string text)
    {
        var entry = new JsonObject();
        if (created is not null)
            entry["created"] = created;
        entry["created_by"] = text.Length > LongestHistoryText ? text[..LongestHistoryText] + "…" : text;
        return entry;
    }

    private static string Time(DateTimeOffset time) => time.ToUniversalTime().ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture);

    private static JsonObject ObjectIn(JsonObject parent, string name)
    {
        if (parent[name] is JsonObject present)
            return present;
        var added = new JsonObject();
        parent[name] = added;
        return added;
    }

    private static void SetOrRemove(JsonObject config, string name, IReadOnlyList<string> words)
    {
        if (words.Count > 0)
            config[name] = ArrayOf(words);
        else
            config.Remove(name);
    }

    private static JsonArray ArrayOf(IEnumerable<string> words) => new([.. words.Select(word => (JsonNode?)word)]);

    private static IReadOnlyList<string> Strings(JsonNode? node) => node is JsonArray array ? [.. array.Select(word => (string?)word ?? "")] : [];

    [GeneratedRegex(@"https?://(?:\[[^\]]*\]|[^:/;]+):(?<port>[0-9]+)", RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture)]
    private static partial Regex PortOfUrl();
}
