using System.Text.Json.Nodes;
using EcsRelease.Aws;

namespace EcsRelease.Tests.Pruning;

/// <summary>What the account's things look like in answers, and its budgets.</summary>
internal sealed partial class PruneAccount
{
    private static JsonObject Shown(PruneWorld.Revision revision) => new()
    {
        ["taskDefinition"] = new JsonObject
        {
            ["taskDefinitionArn"] = $"{Arn}task-definition/{revision.Name}", ["family"] = revision.Family, ["revision"] = revision.Number, ["status"] = revision.Status,
            ["registeredAt"] = PruneWorld.Now.AddDays(-revision.DaysOld).AddHours(-12).EpochSeconds(),
            ["containerDefinitions"] = new JsonArray(new JsonObject { ["name"] = "app", ["image"] = revision.Image }, new JsonObject { ["name"] = "sidecar", ["image"] = "public.ecr.aws/x/y:1", ["essential"] = false }),
        },
        ["tags"] = !revision.HasTags ? [] : new JsonArray(
            new JsonObject { ["key"] = "ecs-release:commit", ["value"] = revision.Commit }, new JsonObject { ["key"] = "ecs-release:digest", ["value"] = revision.Digest }),
    };

    private static JsonObject Shown(PruneWorld.Service service) => new()
    {
        ["serviceArn"] = $"{Arn}service/{service.Cluster}/{service.Name}", ["serviceName"] = service.Name, ["status"] = "ACTIVE", ["taskDefinition"] = $"{Arn}task-definition/{service.Live}",
        ["deployments"] = new JsonArray(new JsonObject { ["status"] = "PRIMARY", ["taskDefinition"] = $"{Arn}task-definition/{service.Live}" }),
    };

    private JsonObject ShownTask(int number) => new()
    {
        ["taskArn"] = $"{Arn}task/production/{number}", ["taskDefinitionArn"] = $"{Arn}task-definition/{world.Tasks[number].Definition}",
        ["containers"] = new JsonArray(new JsonObject { ["imageDigest"] = world.Tasks[number].Digest }),
    };

    // Which operation does not matter.
    private static string TargetOf((string Definition, bool IsUniversal) schedule) =>
        schedule.IsUniversal ? $"arn:aws:scheduler:::aws-sdk:ecs:{(schedule.Definition.Length % 2 == 0 ? "runTask" : "updateService")}" : $"{Arn}cluster/production";

    private static JsonObject Schedule((string Definition, bool IsUniversal) schedule) => new()
    {
        ["Target"] = schedule.IsUniversal
            ? new JsonObject { ["Arn"] = TargetOf(schedule), ["Input"] = new JsonObject { ["Cluster"] = "production", ["TaskDefinition"] = schedule.Definition }.ToJsonString() }
            : new JsonObject { ["Arn"] = TargetOf(schedule), ["EcsParameters"] = new JsonObject { ["TaskDefinitionArn"] = $"{Arn}task-definition/{schedule.Definition}" } },
    };

    private static JsonObject Detail(PruneWorld.Image image) => new()
    {
        ["imageDigest"] = image.Digest, ["imageTags"] = image.Tags.ToJsonArray(), ["imageSizeInBytes"] = 50_000_000, ["imagePushedAt"] = PruneWorld.Now.AddDays(-image.DaysOld).AddHours(-12).EpochSeconds(),
        ["imageManifestMediaType"] = image.Children.Count > 0 ? "application/vnd.oci.image.index.v1+json" : "application/vnd.oci.image.manifest.v1+json",
        ["subjectManifestDigest"] = image.Subject,
    };

    private static JsonObject Index(PruneWorld.Image image) => new()
    {
        ["imageId"] = new JsonObject { ["imageDigest"] = image.Digest }, ["imageManifestMediaType"] = "application/vnd.oci.image.index.v1+json",
        ["imageManifest"] = new JsonObject { ["manifests"] = new JsonArray([.. image.Children.Select(child => new JsonObject { ["mediaType"] = "application/vnd.oci.image.manifest.v1+json", ["digest"] = child, ["size"] = 500 })]) }.ToJsonString(),
    };

    private sealed class Bucket(int burst, double perSecond, params string[] operations)
    {
        private double _tokens = burst;
        private TimeSpan _at;

        public int Burst => burst;

        public double PerSecond => perSecond;

        public IReadOnlyList<string> Operations => operations;

        public bool Take(TimeSpan now, double others)
        {
            _tokens = Math.Clamp(_tokens + ((now - _at).TotalSeconds * (perSecond - others)), 0, burst);
            _at = now;
            if (_tokens < 1)
                return false;
            _tokens--;
            return true;
        }
    }
}
