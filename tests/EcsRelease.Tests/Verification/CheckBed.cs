using System.Text.Json.Nodes;
using EcsRelease.Aws.Targets;
using EcsRelease.Deployments;
using EcsRelease.Images.Ecr;
using EcsRelease.Permissions;
using EcsRelease.TaskDefinitions;
using EcsRelease.Tests.Aws;
using EcsRelease.Tests.Deployments;
using EcsRelease.Verification;

namespace EcsRelease.Tests.Verification;

/// <summary>Runs one check on a task definition and a service that a test writes down, with scripted answers of AWS.</summary>
internal static class CheckBed
{
    public const string Account = "123456789012";

    /// <summary>Of a call that the caller may not make.</summary>
    public const string Denied = """{"error":{"code":"AccessDeniedException","message":"not authorized"}}""";

    /// <summary>Of the local AWS, which has none of the services beside its own.</summary>
    public const string NotOffered = """{"error":{"code":"UnknownOperationException","message":"The local AWS offers no service"}}""";

    public static VerifiedRelease Release(string definition, string? live = null, string answers = "{}", ReleaseOptions? options = null) =>
        Release(definition, live, new ScriptedService((JsonObject)JsonNode.Parse(answers)!), options);

    public static VerifiedRelease Release(string definition, string? live, ScriptedService service, ReleaseOptions? options = null)
    {
        var json = (JsonObject)JsonNode.Parse(definition)!;
        json["family"] ??= "orders";
        options ??= new();
        return new VerifiedRelease
        {
            Options = options,
            Defaults = new TargetDefaults { CreateRepository = false, CreateService = false, CreateLogGroup = false, MayUseLocalBase = false, Architecture = "X86_64" },
            Access = ScriptedAccess.Over(service, Account),
            Service = "orders",
            Commit = new string('a', 40),
            Tag = new string('a', 40),
            Live = live is null ? null : new LiveService((JsonObject)JsonNode.Parse(live)!),
            Desired = new DesiredRevision
            {
                Definition = json,
                Family = "orders",
                Container = (string?)(json["containerDefinitions"] as JsonArray)?.FirstOrDefault()?["name"] ?? "app",
                From = "file:ecs-task-definition.json",
                Hash = "",
            },
            Repository = new EcrRepository { Name = "orders", Uri = $"{Account}.dkr.ecr.eu-west-1.amazonaws.com/orders", Description = new() { ["imageTagMutability"] = "IMMUTABLE" } },
            Scope = PolicyScope.Of(options, "orders", "orders", Account, "eu-west-1", FeatureChoice.Of(options, new() { CreateRepository = false, CreateService = false, CreateLogGroup = false, MayUseLocalBase = false, Architecture = "X86_64" }), json)
                with { Principal = $"arn:aws:iam::{Account}:user/jane" },
        };
    }

    public static async Task<IReadOnlyList<Finding>> RunAsync(ICheck check, VerifiedRelease release) =>
        [.. (await Checks.RunAsync([check], release, CancellationToken.None)).Select(line => new Finding(line.State, line.Message, line.Next))];

    public static async Task<Finding> OneAsync(ICheck check, VerifiedRelease release) => (await RunAsync(check, release)).Should().ContainSingle().Subject;

    public static void ShouldBeOk(this Finding finding, string part) => finding.ShouldBe(CheckState.Ok, part);

    public static void ShouldNotBeChecked(this Finding finding, string part) => finding.ShouldBe(CheckState.CouldNotCheck, part);

    /// <param name="next">A part of what to do: every failure says it.</param>
    public static void ShouldHaveFailed(this Finding finding, string part, string next)
    {
        finding.ShouldBe(CheckState.Failed, part);
        finding.Next.Should().Contain(next);
    }

    private static void ShouldBe(this Finding finding, CheckState state, string part)
    {
        finding.State.Should().Be(state, finding.Message);
        finding.Message.Should().Contain(part);
    }
}
