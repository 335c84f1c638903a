using System.Text.Json.Nodes;
using EcsRelease.Deployments;
using EcsRelease.Tests.Aws;

namespace EcsRelease.Tests.Deployments;

/// <summary>The success rule, row by row: answers of ECS in, outcome and evidence out. Each file in Cases names its source.</summary>
public class RolloutWatchTests
{
    private const string Folder = "Deployments/Cases/";

    /// <summary>Names of the case files, as <see cref="Read"/> takes them.</summary>
    internal static IEnumerable<string> Files() =>
        typeof(RolloutWatchTests).Assembly.GetManifestResourceNames()
            .Select(name => name.Replace('\\', '/'))
            .Where(name => name.StartsWith(Folder, StringComparison.Ordinal));

    private static IEnumerable<TestCaseData> Cases() =>
        Files().Select(name => new TestCaseData(name).SetName("Rollout: " + Path.GetFileNameWithoutExtension(name).Replace('-', ' ')));

    [TestCaseSource(nameof(Cases))]
    public async Task A_rollout_ends_as_its_case_says(string file)
    {
        var script = Read(file);
        ((string?)script["source"]).Should().NotBeNullOrEmpty("every case names its source");
        var report = new ReportLog();
        var time = new JumpingTime();

        var result = await RunAsync(script, report, time);

        var expected = (JsonObject)script["expect"]!;
        var seen = $"{result.Outcome} {result.Error?.Message}";
        result.Outcome.Word().Should().Be((string?)expected["outcome"], seen);
        (result.Error?.Code).Should().Be((string?)expected["code"], seen);
        (result.Error is null || result.Error.Outcome == result.Outcome).Should().BeTrue(seen);
        foreach (var text in Texts(expected, "message"))
            result.Error!.Message.Should().Contain(text);
        foreach (var text in Texts(expected, "remark"))
            result.Remark.Should().Contain(text);
        foreach (var text in Texts(expected, "progress"))
            report.Progresses.Should().Contain(line => line.Contains(text));
        foreach (var text in Texts(expected, "told"))
            report.Details.Should().Contain(line => line.Contains(text));
        if ((double?)expected["withinSeconds"] is { } seconds)
            (time.GetUtcNow() - JumpingTime.Start).Should().BeLessThanOrEqualTo(TimeSpan.FromSeconds(seconds));
        report.Warnings.Select(warning => warning.Code).Should().BeEquivalentTo(Texts(expected, "warnings"));
        foreach (var text in Texts(expected, "warned"))
            report.Warnings.Should().Contain(warning => warning.Message.Contains(text));
        (result.ServiceDeployment?.Split('/')[^1]).Should().Be((string?)expected["deployment"]);
        if (expected["evidence"] is JsonObject evidence)
            Evidence(result.Evidence!, evidence);
    }

    [Test]
    public async Task A_long_wait_looks_every_five_seconds_and_ends_at_its_limit()
    {
        var script = Read(Folder + "row-14-timed-out.json");
        var service = new ScriptedService((JsonObject)script["answers"]!);
        var time = new JumpingTime();

        await Watch(service, new ReportLog(), time).WaitAsync(Rollout((JsonObject)script["rollout"]!), TimeSpan.FromMinutes(20), CancellationToken.None);

        (time.GetUtcNow() - JumpingTime.Start).Should().Be(TimeSpan.FromMinutes(20));
        service.Calls.Count(call => call.Operation == "DescribeServices").Should().BeInRange(250, 350);
        service.Calls.Count(call => call.Operation == "ListServiceDeployments").Should().Be(1, "ours is found by then");
        service.Calls.Count(call => call.Operation == "ListTasks").Should().Be(1, "nothing failed on the way");
    }

    [Test]
    public async Task Once_all_tasks_run_it_looks_every_two_seconds_also_late()
    {
        var script = Read(Folder + "row-14-bakes-longer-than-the-limit.json");
        var service = new ScriptedService((JsonObject)script["answers"]!);

        await Watch(service, new ReportLog(), new JumpingTime()).WaitAsync(Rollout((JsonObject)script["rollout"]!), TimeSpan.FromMinutes(20), CancellationToken.None);

        service.Calls.Count(call => call.Operation == "DescribeServices").Should().BeInRange(550, 700);
    }

    [Test]
    public async Task Throttling_makes_the_looks_rarer_and_ends_no_watch()
    {
        var script = Read(Folder + "row-14-timed-out.json");
        script["answers"]!["DescribeServices"] = new JsonArray(JsonNode.Parse("""{"error":{"code":"ThrottlingException","message":"Rate exceeded"}}"""));
        var service = new ScriptedService((JsonObject)script["answers"]!);

        var result = await Watch(service, new ReportLog(), new JumpingTime()).WaitAsync(Rollout((JsonObject)script["rollout"]!), TimeSpan.FromMinutes(20), CancellationToken.None);

        result.Outcome.Should().Be(ReleaseOutcome.TimedOut);
        service.Calls.Count(call => call.Operation == "DescribeServices").Should().BeLessThan(60);
    }

    [Test]
    public async Task Each_event_is_told_once()
    {
        var script = Read(Folder + "row-12-rolled-back-by-the-breaker-with-crash-log.json");
        var report = new ReportLog();

        await Watch(new ScriptedService((JsonObject)script["answers"]!), report, new JumpingTime())
            .WaitAsync(Rollout((JsonObject)script["rollout"]!), TimeSpan.FromMinutes(20), CancellationToken.None);

        report.Details.Should().Equal("(service orders) (deployment ecs-svc/7) deployment failed: tasks failed to start.", "(service orders) rolling back to deployment ecs-svc/8.");
    }

    [TestCase("""{"error":{"code":"AccessDeniedException","message":"not authorized to perform: ecs:DescribeServices"}}""", "ecs:DescribeServices")]
    [TestCase("""{"error":{"code":"ExpiredTokenException","message":"The security token included in the request is expired"}}""", "The security token included in the request is expired")]
    [TestCase("""{"error":{"coded":"ECSR4001"}}""", "sign in again")]
    public async Task A_service_that_cannot_be_read_any_more_ends_the_wait_and_says_that_ecs_goes_on(string error, string cause)
    {
        var script = Read(Folder + "row-14-timed-out.json");
        ((JsonArray)script["answers"]!["DescribeServices"]!).Add(JsonNode.Parse(error));
        var rollout = Rollout((JsonObject)script["rollout"]!) with { FollowCommand = "ecs-release wait --cluster production --service orders --profile ci" };

        var result = await Watch(new ScriptedService((JsonObject)script["answers"]!), new ReportLog(), new JumpingTime())
            .WaitAsync(rollout, TimeSpan.FromMinutes(20), CancellationToken.None);

        result.Outcome.Should().Be(ReleaseOutcome.AwsFailed);
        result.Error!.Code.Should().Be("ECSR5117");
        result.Error.Message.Should().Contain(cause).And.EndWith("ECS goes on with it. Follow it: ecs-release wait --cluster production --service orders --profile ci");
        result.ServiceDeployment.Should().EndWith("/new");
    }

    [Test]
    public async Task A_deployment_that_is_joined_is_looked_at_after_a_pause_as_any_other()
    {
        var script = Read(Folder + "row-08-joined-by-a-newer-one-of-the-same-revision.json");
        var time = new JumpingTime();

        await Watch(new ScriptedService((JsonObject)script["answers"]!), new ReportLog(), time)
            .WaitAsync(Rollout((JsonObject)script["rollout"]!), TimeSpan.FromMinutes(20), CancellationToken.None);

        (time.GetUtcNow() - JumpingTime.Start).Should().BeGreaterThan(TimeSpan.FromSeconds(1.2), "there are three pauses of 0.4 s or more between four looks");
    }

    [Test]
    public async Task A_cancelled_wait_ends_at_once()
    {
        var script = Read(Folder + "row-14-timed-out.json");

        await FluentActions.Awaiting(() => Watch(new ScriptedService((JsonObject)script["answers"]!), new ReportLog(), new JumpingTime())
            .WaitAsync(Rollout((JsonObject)script["rollout"]!), TimeSpan.FromMinutes(20), new CancellationToken(canceled: true)))
            .Should().ThrowAsync<OperationCanceledException>();
    }

    /// <summary>Plays a case to the end of its rollout.</summary>
    internal static Task<RolloutResult> RunAsync(JsonObject script, ReportLog report, TimeProvider time)
    {
        var onPause = (string?)script["onPause"] == "exit" ? PausePolicy.Exit : PausePolicy.Wait;
        return Watch(new ScriptedService((JsonObject)script["answers"]!), report, time, onPause)
            .WaitAsync(Rollout((JsonObject)script["rollout"]!), TimeSpan.FromMinutes(20), CancellationToken.None);
    }

    private static RolloutWatch Watch(ScriptedService service, ReportLog report, TimeProvider time, PausePolicy onPause = PausePolicy.Wait) =>
        new(ScriptedAccess.Over(service), report, time, new Random(1)) { OnPause = onPause };

    private static void Evidence(RolloutEvidence found, JsonObject expected)
    {
        var json = JsonNode.Parse(System.Text.Json.JsonSerializer.Serialize(found, ReleaseRecord.Json))!;
        foreach (var (member, value) in expected)
            JsonNode.DeepEquals(json[member], value).Should().BeTrue($"evidence.{member} should be {value?.ToJsonString()}, not {json[member]?.ToJsonString()}");
    }

    private static StartedRollout Rollout(JsonObject json) => new()
    {
        Cluster = "production",
        Service = "orders",
        TaskDefinition = (string)json["taskDefinition"]!,
        PrimaryId = (string)json["primaryId"]!,
        UpdatedAt = JumpingTime.Start,
        FollowCommand = "ecs-release wait --cluster production --service orders",
        ServiceDeployment = (string?)json["serviceDeployment"],
        Baseline = new RolloutBaseline(
            json["baseline"] is JsonArray before ? before.Select(arn => (string)arn!).ToHashSet() : null,
            (string?)json["previousPrimaryId"]),
    };

    private static IEnumerable<string> Texts(JsonObject parent, string member) =>
        parent[member] is JsonArray list ? list.Select(text => (string)text!) : [];

    internal static JsonObject Read(string file)
    {
        var assembly = typeof(RolloutWatchTests).Assembly;
        var name = assembly.GetManifestResourceNames().Single(each => each.Replace('\\', '/') == file);
        using var stream = assembly.GetManifestResourceStream(name)!;
        return (JsonObject)JsonNode.Parse(stream)!;
    }
}
