using System.Collections.Concurrent;
using System.IO.Compression;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace EcsRelease.LocalAws.Tests.Support;

/// <summary>
/// AWS's own models of its services, as botocore ships them: an answer is held against the output shape of its operation, an error
/// against the errors that the operation has. Every answer that <see cref="LocalAwsFixture"/> sees is checked where the models are.
/// </summary>
internal static class AwsModels
{
    private static readonly Dictionary<string, string> Files = new()
    {
        ["ecs"] = "ecs/2014-11-13/service-2.json",
        ["ecr"] = "ecr/2015-09-21/service-2.json",
        ["logs"] = "logs/2014-03-28/service-2.json",
        ["events"] = "events/2015-10-07/service-2.json",
        ["scheduler"] = "scheduler/2021-06-30/service-2.json",
    };

    /// <summary>Members of 2026 that this botocore may not know yet (ecs-api.md, marked [N]).</summary>
    private static readonly HashSet<string> Newer = ["resetOnHealthyTask", "thresholdConfiguration", "earlySuccessCriteria"];

    /// <summary>Errors of the protocol or of all services, which no operation lists (IAM and ECS API references, "Common Errors").</summary>
    private static readonly HashSet<string> CommonErrors =
    [
        "UnknownOperationException", "SerializationException", "ThrottlingException", "ExpiredTokenException", "AccessDeniedException",
        "InvalidSignatureException", "IncompleteSignatureException", "MissingAuthenticationTokenException", "UnrecognizedClientException", "ServerException", "ValidationException",
    ];

    private static readonly ConcurrentDictionary<string, Lazy<JsonObject?>> Models = new();
    private static readonly Lazy<string?> Folder = new(Find);

    /// <summary>Whether there are models on this machine.</summary>
    public static bool AreHere => Folder.Value is not null;

    public static JsonObject? Of(string service) => Files.TryGetValue(service, out var file)
        ? Models.GetOrAdd(service, _ => new Lazy<JsonObject?>(() => Read(file))).Value
        : null;

    /// <summary>What is wrong with an answer of 200; empty when nothing is, or when there is no model.</summary>
    public static IReadOnlyList<string> CheckAnswer(string service, string operation, JsonObject answer)
    {
        var faults = new List<string>();
        if (Of(service) is { } model && model["operations"]![operation]?["output"]?["shape"]?.GetValue<string>() is { } shape)
            Check(model["shapes"]!.AsObject(), shape, answer, operation, faults);
        return faults;
    }

    /// <summary>What is wrong with an error's name.</summary>
    public static IReadOnlyList<string> CheckError(string service, string operation, string type)
    {
        if (Of(service) is not { } model || model["operations"]![operation] is not JsonObject known || CommonErrors.Contains(type))
            return [];
        var errors = known["errors"]?.AsArray().Select(error => error!["shape"]!.GetValue<string>()).ToList() ?? [];
        return errors.Contains(type) ? [] : [$"{operation} has no {type}; the model has {string.Join(", ", errors)}"];
    }

    private static void Check(JsonObject shapes, string name, JsonNode? value, string path, List<string> faults)
    {
        var shape = shapes[name]!.AsObject();
        switch (shape["type"]!.GetValue<string>(), value)
        {
            case ("structure", JsonObject given):
                var members = shape["members"]!.AsObject();
                foreach (var (member, content) in given)
                {
                    if (members[member] is { } known)
                        Check(shapes, known["shape"]!.GetValue<string>(), content, $"{path}.{member}", faults);
                    else if (!Newer.Contains(member))
                        faults.Add($"{path}.{member} is not in the model ({name})");
                }
                foreach (var required in (shape["required"]?.AsArray() ?? []).Select(one => one!.GetValue<string>()).Where(one => given[one] is null))
                    faults.Add($"{path}.{required} is required ({name})");
                break;
            case ("list", JsonArray items):
                foreach (var (item, index) in items.Select((item, index) => (item, index)))
                    Check(shapes, shape["member"]!["shape"]!.GetValue<string>(), item, $"{path}[{index}]", faults);
                break;
            case ("map", JsonObject entries):
                foreach (var (key, entry) in entries)
                    Check(shapes, shape["value"]!["shape"]!.GetValue<string>(), entry, $"{path}.{key}", faults);
                break;
            case ("string", JsonValue text) when text.GetValueKind() == JsonValueKind.String:
                if (shape["enum"] is JsonArray values && !values.Any(one => one!.GetValue<string>() == text.GetValue<string>()))
                    faults.Add($"{path} is \"{text}\", which is not in the enum {name}");
                break;
            case ("integer" or "long", JsonValue number) when number.GetValueKind() == JsonValueKind.Number && !number.ToJsonString().Contains('.', StringComparison.Ordinal):
            case ("float" or "double" or "timestamp", JsonValue real) when real.GetValueKind() == JsonValueKind.Number:
            case ("boolean", JsonValue flag) when flag.GetValueKind() is JsonValueKind.True or JsonValueKind.False:
                break;
            case var (type, found):
                faults.Add($"{path} should be {type} ({name}), found {found?.ToJsonString() ?? "null"}");
                break;
        }
    }

    private static JsonObject? Read(string file)
    {
        return Folder.Value is { } folder ? Read(folder, file) : null;
    }

    private static JsonObject Read(string folder, string file)
    {
        var plain = Path.Combine(folder, file);
        if (File.Exists(plain))
            return JsonNode.Parse(File.ReadAllBytes(plain))!.AsObject();
        using var packed = new GZipStream(File.OpenRead(plain + ".gz"), CompressionMode.Decompress);
        return JsonNode.Parse(packed)!.AsObject();
    }

    /// <summary>Where Debian's awscli, a Python on the PATH or the AWS CLI's installer put them.</summary>
    private static string? Find()
    {
        var programs = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries);
        var prefixes = programs.Select(Path.GetDirectoryName).OfType<string>()
            .Concat(Versions(Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".pyenv", "versions")));
        var packages = prefixes.SelectMany(prefix => Versions(Path.Combine(prefix, "lib"))).SelectMany(lib => (string[])[Path.Combine(lib, "site-packages"), Path.Combine(lib, "dist-packages")]);
        return packages.Select(folder => Path.Combine(folder, "botocore", "data")).Append("/usr/local/aws-cli/v2/current/dist/awscli/botocore/data")
            .FirstOrDefault(folder => Directory.Exists(Path.Combine(folder, "ecs")) && IsNewEnough(folder));
    }

    // Debian 12's are older than service deployments: they know too little to judge by.
    private static bool IsNewEnough(string folder) => Read(folder, Files["ecs"])["operations"]!.AsObject().ContainsKey("ListServiceDeployments");

    private static string[] Versions(string folder) => Directory.Exists(folder) ? Directory.GetDirectories(folder) : [];
}
