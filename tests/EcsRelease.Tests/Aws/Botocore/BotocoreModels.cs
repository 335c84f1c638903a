using System.ComponentModel;
using System.Diagnostics;
using System.IO.Compression;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace EcsRelease.Tests.Aws.Botocore;

/// <summary>AWS's own description of its services, as far as this machine has it: botocore's data, which the AWS CLI brings.</summary>
internal sealed class BotocoreModels
{
    // As botocore's folders name what the engine calls; an operation of several is looked for in this order.
    private static readonly string[] s_services =
        ["ecs", "ecr", "logs", "iam", "elbv2", "cloudwatch", "ssm", "secretsmanager", "events", "scheduler", "codedeploy", "application-autoscaling"];

    private static readonly Lazy<BotocoreModels?> s_found = new(() => Folders().Where(HasServiceDeployments).Select(folder => new BotocoreModels(folder)).FirstOrDefault());

    private readonly IReadOnlyList<Lazy<ServiceModel>> _services;

    private BotocoreModels(string folder)
    {
        Folder = folder;
        var newer = NewerMembers.Read();
        _services = [.. s_services.Select(service => new Lazy<ServiceModel>(() => new ServiceModel(Read(folder, service)!.RootElement, newer)))];
    }

    /// <summary>Null where this machine has none that knows service deployments (2024-10-25).</summary>
    public static BotocoreModels? Found => s_found.Value;

    public string Folder { get; }

    /// <summary>What is wrong with a request; of an operation that several services have, with the one that likes it best.</summary>
    public IReadOnlyList<string> Problems(string operation, JsonObject request)
    {
        IReadOnlyList<string>? least = null;
        foreach (var service in _services.Select(each => each.Value).Where(each => each.Knows(operation)))
        {
            var problems = service.Problems(operation, request);
            if (problems.Count == 0)
                return problems;
            if (least is null || problems.Count < least.Count)
                least = problems;
        }
        return least ?? [$"no service of {string.Join(", ", s_services)} has the operation {operation}"];
    }

    /// <summary>The test fails when AWS could not take the request; where there are no models, nothing is looked at
    /// (<see cref="BotocoreModelsTests"/> says so once).</summary>
    public static void Check(string operation, JsonObject request)
    {
        if (Found?.Problems(operation, request) is { Count: > 0 } problems)
            Assert.Fail($"AWS refuses this request of {operation} (botocore's model in {Found.Folder}): {string.Join("; ", problems)}\n{request.ToJsonString()}");
    }

    private static bool HasServiceDeployments(string folder)
    {
        using var model = Read(folder, "ecs");
        return model is not null && new ServiceModel(model.RootElement, NewerMembers.None).Knows("ListServiceDeployments");
    }

    private static JsonDocument? Read(string folder, string service)
    {
        var parent = Path.Combine(folder, "data", service);
        if (!Directory.Exists(parent))
            return null;
        // Versions are dates.
        var version = Directory.GetDirectories(parent).Order(StringComparer.Ordinal).Last();
        var file = Path.Combine(version, "service-2.json");
        if (File.Exists(file))
            return JsonDocument.Parse(File.ReadAllBytes(file));
        if (!File.Exists(file + ".gz"))
            return null;
        using var compressed = new GZipStream(File.OpenRead(file + ".gz"), CompressionMode.Decompress);
        return JsonDocument.Parse(compressed);
    }

    // The one that python3 imports, those of Debian's awscli (versions 2 and 1), and that of AWS's installer.
    private static IEnumerable<string> Folders()
    {
        if (OfPython() is { } imported)
            yield return imported;
        yield return "/usr/lib/python3/dist-packages/awscli/botocore";
        yield return "/usr/lib/python3/dist-packages/botocore";
        yield return "/usr/local/aws-cli/v2/current/dist/awscli/botocore";
    }

    private static string? OfPython()
    {
        try
        {
            using var python = Process.Start(new ProcessStartInfo("python3", ["-c", "import botocore; print(botocore.__path__[0])"]) { RedirectStandardOutput = true, RedirectStandardError = true })!;
            var folder = python.StandardOutput.ReadToEnd().Trim();
            python.WaitForExit();
            return folder is "" ? null : folder;
        }
        catch (Win32Exception)
        {
            // There is no python3.
            return null;
        }
    }
}
