using System.Globalization;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using EcsRelease.LocalAws.Ecs;
using EcsRelease.LocalAws.Http;

namespace EcsRelease.LocalAws.Tasks;

/// <summary>How a container runs: image, task definition and overrides put together.</summary>
internal sealed partial class ContainerPlan
{
    private const string DefaultPath = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

    /// <summary>What would make an ASP.NET Core app listen elsewhere than ASPNETCORE_URLS says.</summary>
    private static readonly string[] s_otherAddresses =
        ["ASPNETCORE_HTTP_PORTS", "ASPNETCORE_HTTPS_PORTS", "DOTNET_HTTP_PORTS", "DOTNET_HTTPS_PORTS", "HTTP_PORTS", "HTTPS_PORTS", "DOTNET_URLS", "URLS"];

    private readonly JsonObject _definition;
    private readonly JsonObject _override;

    /// <param name="ports">Host port of each tcp container port.</param>
    public ContainerPlan(JsonObject definition, JsonObject? containerOverride, IReadOnlyDictionary<int, int> ports)
    {
        _definition = definition;
        _override = containerOverride ?? [];
        Ports = ports;
    }

    public IReadOnlyDictionary<int, int> Ports { get; }

    /// <summary>Bytes that the container may use; null = no limit.</summary>
    public long? MemoryLimit { get; init; }

    /// <summary>entryPoint replaces the image's entry point and its command; command replaces the command.</summary>
    public IReadOnlyList<string> Command(JsonObject image)
    {
        var entryPoint = _definition.Texts("entryPoint");
        var command = _override.Texts("command") is { Count: > 0 } overridden ? overridden : _definition.Texts("command");
        if (entryPoint.Count > 0)
            return [.. entryPoint, .. command];
        return [.. image.Texts("Entrypoint"), .. command.Count > 0 ? command : image.Texts("Cmd")];
    }

    public string WorkingDirectory(JsonObject image) => NotEmpty(_definition.Text("workingDirectory")) ?? NotEmpty(image.Text("WorkingDir")) ?? "/";

    public string User(JsonObject image) => NotEmpty(_definition.Text("user")) ?? NotEmpty(image.Text("User")) ?? "0";

    /// <summary>
    /// Image, task definition, secrets, overrides; the later wins. Tasks share the host's network, so an app with exactly
    /// one tcp port is told, in ASP.NET Core's variables and in PORT, to listen on the loopback port that was chosen for it.
    /// </summary>
    public Dictionary<string, string> Environment(JsonObject image, IReadOnlyDictionary<string, string> secrets)
    {
        var environment = new Dictionary<string, string> { ["PATH"] = DefaultPath };
        foreach (var (name, value) in image.Texts("Env").Select(variable => variable.Split('=', 2)).Select(parts => (parts[0], parts.Length > 1 ? parts[1] : "")))
            environment[name] = value;
        foreach (var variable in _definition.Objects("environment"))
            environment[variable.Text("name")!] = variable.Text("value") ?? "";
        foreach (var (name, value) in secrets)
            environment[name] = value;
        foreach (var variable in _override.Objects("environment"))
            environment[variable.Text("name") ?? ""] = variable.Text("value") ?? "";
        environment.Remove("");
        // .NET reads a container's limit from its cgroup and keeps its heap to 75 % of it
        // (https://learn.microsoft.com/dotnet/core/runtime-config/garbage-collector#heap-limit); here it has to be told.
        if (MemoryLimit is { } limit && !environment.Keys.Any(name => name.StartsWith("DOTNET_GCHeapHardLimit", StringComparison.Ordinal)))
            environment["DOTNET_GCHeapHardLimit"] = string.Create(CultureInfo.InvariantCulture, $"{limit / 4 * 3:X}");
        if (Ports.Count == 1)
        {
            foreach (var name in s_otherAddresses)
                environment.Remove(name);
            var port = Ports.Values.Single().ToString(CultureInfo.InvariantCulture);
            environment["ASPNETCORE_URLS"] = $"http://127.0.0.1:{port}";
            environment["PORT"] = port;
        }
        return environment;
    }

    /// <summary>The health check's command, with container ports of this host replaced by the ports that the app listens on.</summary>
    public IReadOnlyList<string> HealthCommand(JsonObject check)
    {
        var command = check.Texts("command").Select(WithHostPorts).ToList();
        return command[0] == "CMD-SHELL" ? ["/bin/sh", "-c", string.Join(' ', command.Skip(1))] : command[1..];
    }

    private string WithHostPorts(string text) => LoopbackPort().Replace(text, match =>
        Ports.TryGetValue(int.Parse(match.Groups[2].Value, CultureInfo.InvariantCulture), out var port)
            ? $"127.0.0.1:{port.ToString(CultureInfo.InvariantCulture)}"
            : match.Value);

    private static string? NotEmpty(string? text) => string.IsNullOrEmpty(text) ? null : text;

    [GeneratedRegex(@"(localhost|127\.0\.0\.1|\[::1\]):([0-9]{1,5})\b")]
    private static partial Regex LoopbackPort();
}
