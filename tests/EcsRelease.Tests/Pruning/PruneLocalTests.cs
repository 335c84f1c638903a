using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using EcsRelease.Aws;
using EcsRelease.Pruning;
using EcsRelease.Testing;
using EcsRelease.Tests.Verbs;
using EcsRelease.Verbs;

namespace EcsRelease.Tests.Pruning;

/// <summary>Prune against the local AWS: its registry, its rules, its words.</summary>
public sealed class PruneLocalTests
{
    private static readonly PruneRules Rules = new() { Keep = 2, KeepDays = 0, Images = true, Act = true };

    [Test]
    public async Task What_is_referred_to_anywhere_stays_and_the_rest_goes_in_two_runs()
    {
        await using var bed = await EngineBed.StartAsync();
        var made = await ReleasesAsync(bed, 12);
        await bed.CreateScheduleAsync("nightly", made[2].Arn);
        await bed.CreateRuleAsync("hourly", made[4].Arn);
        await RegisterAsync(bed, "worker", made[3].Image);
        var signature = await PutAsync(bed, made[5].Digest, null, manifest => manifest["subject"] = Descriptor(made[5].Digest, made[5].Size));
        var before = await DigestsAsync(bed);

        var planned = await PruneAsync(bed, Rules with { Act = false });

        planned.Outcome.Should().Be(ReleaseOutcome.Planned);
        (await bed.RevisionsAsync()).Should().HaveCount(12);
        (await DigestsAsync(bed)).Should().BeEquivalentTo(before);
        Kept(planned).Should().Equal(12, 11, 5, 3, 1);
        planned.Revisions.Single(revision => revision.Revision == 3).Reasons.Should().Equal("schedule default/nightly starts it");
        planned.Revisions.Single(revision => revision.Revision == 5).Reasons.Should().Equal("rule default/hourly starts it");

        var report = await PruneAsync(bed, Rules);

        report.Outcome.Should().Be(ReleaseOutcome.Succeeded, report.Message);
        (await bed.RevisionsAsync()).Select(arn => int.Parse(arn.Split(':')[^1])).Should().Equal(12, 11, 5, 3, 1);
        (await DigestsAsync(bed)).Should().BeEquivalentTo(before.Except([made[1].Digest, .. Enumerable.Range(5, 5).Select(number => made[number].Digest), signature]));
        report.Images.Single(image => image.Digest == made[3].Digest).Reasons.Should().Equal("worker:1 names it");
        (await PruneAsync(bed, Rules)).Outcome.Should().Be(ReleaseOutcome.Unchanged);

        (await PruneAsync(bed, Rules with { Delete = true })).Totals.Deletions.Should().Be(7);
        (await StatusAsync(bed, made[1].Arn)).Should().NotBe("INACTIVE");
        (await bed.ReleaseAsync()).Outcome.Should().Be(ReleaseOutcome.Unchanged, "what is live is not touched");
    }

    [Test]
    public async Task A_repository_that_another_account_may_pull_from_keeps_its_images()
    {
        await using var bed = await EngineBed.StartAsync();
        await ReleasesAsync(bed, 4);
        await bed.Client(AwsService.Ecr).CallAsync("SetRepositoryPolicy", new()
        {
            ["repositoryName"] = "orders",
            ["policyText"] = """{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"AWS":"arn:aws:iam::999999999999:root"},"Action":"ecr:BatchGetImage"}]}""",
        }, CancellationToken.None);

        var refused = await FluentActions.Awaiting(() => PruneAsync(bed, Rules)).Should().ThrowAsync<EcsReleaseException>();

        refused.Which.Code.Should().Be("ECSR5253");
        (await bed.RevisionsAsync()).Should().HaveCount(4);
    }

    [Test]
    public async Task A_service_that_is_gone_leaves_its_family_to_be_named()
    {
        await using var bed = await EngineBed.StartAsync();
        await ReleasesAsync(bed, 4);
        await bed.DeleteServiceAsync();
        await Eventually(async () => await LiveAsync(bed) is "INACTIVE" or "");

        (await FluentActions.Awaiting(() => PruneAsync(bed, Rules)).Should().ThrowAsync<EcsReleaseException>())
            .Which.Message.Should().Contain("ecs-release prune --task-family orders");
        (await FluentActions.Awaiting(() => PruneAsync(bed, Rules, "nothing")).Should().ThrowAsync<EcsReleaseException>()).Which.Code.Should().Be("ECSR5251");
        (await PruneAsync(bed, Rules, "orders")).Totals.Revisions.Should().BePositive();
    }

    [Test]
    [Long]
    public async Task At_the_real_rates_no_throttling_reaches_the_user()
    {
        await using var bed = await EngineBed.StartAsync(("THROTTLE", "aws"));
        await ReleasesAsync(bed, 80);
        // What others take of the same rates, the registering above, is not prune's time.
        await Task.Delay(TimeSpan.FromSeconds(25));
        var startedAt = TimeProvider.System.GetTimestamp();

        var report = await PruneAsync(bed, Rules);

        var elapsed = TimeProvider.System.GetElapsedTime(startedAt);
        TestContext.Out.WriteLine($"{report.Message} in {elapsed.TotalSeconds:0.0} s");
        report.Outcome.Should().Be(ReleaseOutcome.Succeeded, report.Message);
        report.Totals.Revisions.Should().Be(77);
        // The bar is held by the simulated clock; a machine that is busy with other tests adds its own time.
        elapsed.TotalSeconds.Should().BeLessThan(57 * 1.5);
    }

    private static async Task<PruneReport> PruneAsync(EngineBed bed, PruneRules rules, string? family = null) =>
        await new Prune(new ReleaseOptions { TaskFamily = family }, "orders", rules, [], _ => throw new NotSupportedException(), bed.Target(), bed.Reporter, TimeProvider.System)
            .RunAsync(CancellationToken.None);

    private sealed record Made(string Arn, string Image, string Digest, long Size);

    /// <summary>One real release, then images and revisions as later ones would leave them. The first stays live.</summary>
    private static async Task<IReadOnlyList<Made>> ReleasesAsync(EngineBed bed, int count)
    {
        var record = await bed.ReleaseAsync();
        record.Outcome.Should().Be(ReleaseOutcome.Succeeded, record.Message);
        var all = new List<Made> { new(record.TaskDefinition!, record.Image!, record.Digest!, 0) };
        for (var number = 2; number <= count; number++)
        {
            var commit = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{number}")));
            long size = 0;
            var digest = await PutAsync(bed, record.Digest!, commit, manifest =>
            {
                manifest["annotations"] = new JsonObject { ["number"] = $"{number}" };
                size = Encoding.UTF8.GetByteCount(manifest.ToJsonString());
            });
            var image = record.Image!.Replace(record.Commit!, commit, StringComparison.Ordinal);
            all.Add(new(await RegisterAsync(bed, "orders", image), image, digest, size));
        }
        return all;
    }

    /// <summary>An image like another one.</summary>
    private static async Task<string> PutAsync(EngineBed bed, string like, string? tag, Action<JsonObject> change)
    {
        var ecr = bed.Client(AwsService.Ecr);
        var found = await ecr.CallAsync("BatchGetImage", new() { ["repositoryName"] = "orders", ["imageIds"] = new JsonArray(new JsonObject { ["imageDigest"] = like }) }, CancellationToken.None);
        var manifest = (JsonObject)JsonNode.Parse((string)found["images"]![0]!["imageManifest"]!)!;
        change(manifest);
        var request = new JsonObject { ["repositoryName"] = "orders", ["imageManifest"] = manifest.ToJsonString() };
        if (tag is not null)
            request["imageTag"] = tag;
        return (string)(await ecr.CallAsync("PutImage", request, CancellationToken.None))["image"]!["imageId"]!["imageDigest"]!;
    }

    private static JsonObject Descriptor(string digest, long size) =>
        new() { ["mediaType"] = "application/vnd.oci.image.manifest.v1+json", ["digest"] = digest, ["size"] = size };

    private static async Task<string> RegisterAsync(EngineBed bed, string family, string image)
    {
        var registered = await bed.Ecs.RegisterTaskDefinitionAsync(new()
        {
            ["family"] = family,
            ["networkMode"] = "awsvpc",
            ["requiresCompatibilities"] = new JsonArray("FARGATE"),
            ["cpu"] = "256",
            ["memory"] = "512",
            ["executionRoleArn"] = "arn:aws:iam::000000000000:role/execution",
            ["containerDefinitions"] = new JsonArray(new JsonObject { ["name"] = "app", ["image"] = image }),
        }, CancellationToken.None);
        return (string)registered["taskDefinition"]!["taskDefinitionArn"]!;
    }

    private static async Task<IReadOnlyList<string>> DigestsAsync(EngineBed bed) =>
        [.. (await bed.Client(AwsService.Ecr).CallAsync("DescribeImages", new() { ["repositoryName"] = "orders" }, CancellationToken.None)).Objects("imageDetails").Select(image => image.Text("imageDigest")!)];

    private static async Task<string> StatusAsync(EngineBed bed, string arn)
    {
        try
        {
            return (string)(await bed.RevisionAsync(arn))["taskDefinition"]!["status"]!;
        }
        catch (AwsServiceException gone)
        {
            return gone.Message;
        }
    }

    private static async Task<string> LiveAsync(EngineBed bed) =>
        (await bed.Ecs.DescribeServicesAsync(new() { ["services"] = new JsonArray("orders") }, CancellationToken.None)).Objects("services").FirstOrDefault().Text("status") ?? "";

    private static async Task Eventually(Func<Task<bool>> isTrue)
    {
        for (var tries = 0; !await isTrue(); tries++)
        {
            tries.Should().BeLessThan(200);
            await Task.Delay(TimeSpan.FromMilliseconds(50));
        }
    }

    private static IEnumerable<int> Kept(PruneReport report) => report.Revisions.Where(revision => revision.Action == "keep").Select(revision => revision.Revision);
}
