using System.Text.Json.Nodes;
using EcsRelease.Aws;
using EcsRelease.Deployments;
using EcsRelease.Tests.Aws;
using EcsRelease.Tests.Deployments;
using EcsRelease.Tool.Rendering;
using Microsoft.Extensions.Time.Testing;
using Spectre.Console;

namespace EcsRelease.Tests.Tool;

/// <summary>What a person sees of a rollout while it goes on.</summary>
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class LiveRolloutTests
{
    private const string Canary = """
        {"DescribeServices":[{"services":[{"serviceName":"orders","status":"ACTIVE","taskDefinition":"x/orders:7","desiredCount":4,
            "events":[{"id":"2","createdAt":1767225602,"message":"(service orders) has started 4 tasks."},{"id":"0","createdAt":1767000000,"message":"of before"}],
            "deployments":[{"id":"ecs-svc/6","status":"ACTIVE","taskDefinition":"x/orders:6","runningCount":4,"desiredCount":4,"createdAt":1767000000},
              {"id":"ecs-svc/7","status":"PRIMARY","taskDefinition":"x/orders:7","rolloutState":"IN_PROGRESS","runningCount":2,"pendingCount":1,"failedTasks":1,"desiredCount":4,"createdAt":1767225600}]}]}],
         "ListServiceDeployments":[{"serviceDeployments":[{"serviceDeploymentArn":"d7","createdAt":1767225600,"targetServiceRevisionArn":"r7"}]}],
         "DescribeServiceRevisions":[{"serviceRevisions":[{"serviceRevisionArn":"r7","taskDefinition":"x/orders:7"}]}],
         "DescribeServiceDeployments":[{"serviceDeployments":[{"serviceDeploymentArn":"d7","status":"IN_PROGRESS","lifecycleStage":"PRODUCTION_TRAFFIC_SHIFT",
            "deploymentConfiguration":{"strategy":"CANARY","canaryConfiguration":{"canaryPercent":25.0,"canaryBakeTimeInMinutes":10}},
            "targetServiceRevision":{"requestedProductionTrafficWeight":25.0,"requestedTestTrafficWeight":100.0},
            "deploymentCircuitBreaker":{"status":"MONITORING","failureCount":1,"threshold":3},
            "lifecycleHookDetails":[{"hookId":"h","targetArn":"arn:aws:lambda:eu-west-1:123456789012:function:check","status":"IN_PROGRESS"}]}]}],
         "ListTasks":[{"taskArns":[]}]}
        """;

    private static readonly string[] _lines =
    [
        "stage    ●●●●●◐○○○ CANARY PRODUCTION_TRAFFIC_SHIFT (6 of 9), next POST_PRODUCTION_TRAFFIC_SHIFT",
        "tasks    ██████████░░░░░░░░░░ orders:7: 2 of 4 running, 1 pending, 1 failed",
        "before   ████████████████████ orders:6: 4 of 4 running",
        "traffic  █████░░░░░░░░░░░░░░░ 25 %, test 100 %",
        "breaker  1 of 3 failures, MONITORING",
        "hook     arn:aws:lambda:eu-west-1:123456789012:function:check IN_PROGRESS",
        "event    (service orders) has started 4 tasks.",
    ];

    private readonly FakeTimeProvider time = new();

    [Test]
    public async Task A_canary_shows_stage_tasks_traffic_breaker_and_events_below_elapsed_time_and_limit()
    {
        using var screen = new TerminalScreen();
        await using var reporter = new LiveReporter(Terminal(screen, height: 30), time);
        reporter.Step(ReleaseStep.Rollout, "Rolling out orders:7");
        reporter.Progress(await SeenAsync());

        Drawn(screen, "event");

        var rows = screen.Rows.Where(row => row.Length > 0).ToList();
        rows[0].Should().MatchRegex(@"^. rollout +\d+\.\d s of 20 min  PRODUCTION_TRAFFIC_SHIFT: 2 of 4 tasks running, 25 % of the traffic");
        rows.Skip(1).Select(row => row.Trim()).Should().Equal(_lines);
    }

    [Test]
    public async Task A_low_terminal_shows_what_fits_and_how_much_does_not()
    {
        using var screen = new TerminalScreen();
        await using var reporter = new LiveReporter(Terminal(screen, height: 6), time);
        reporter.Step(ReleaseStep.Rollout, "Rolling out orders:7");
        reporter.Progress(await SeenAsync());

        Drawn(screen, "more");

        screen.Rows.Where(row => row.Length > 0).Should().HaveCount(4).And.Subject.Last().Trim().Should().Be("and 5 more");
    }

    private static async Task<Progress> SeenAsync()
    {
        var service = new ScriptedService((JsonObject)JsonNode.Parse(Canary)!);
        var seen = new LastProgress();
        var rollout = new StartedRollout
        {
            Cluster = "production", Service = "orders", TaskDefinition = "x/orders:7", PrimaryId = "ecs-svc/7", Baseline = new(new HashSet<string>(), "ecs-svc/6"), UpdatedAt = JumpingTime.Start,
        };
        await new RolloutWatch(ScriptedAccess.Over(service), seen, new JumpingTime(), new Random(1))
            .WaitAsync(rollout, TimeSpan.FromMinutes(20), CancellationToken.None);
        return seen.Last!;
    }

    private void Drawn(TerminalScreen screen, string text) => SpinWait.SpinUntil(() =>
    {
        time.Advance(TimeSpan.FromMilliseconds(120));
        return screen.ToString().Contains(text, StringComparison.Ordinal);
    }, TimeSpan.FromSeconds(10)).Should().BeTrue();

    private static IAnsiConsole Terminal(TextWriter screen, int height)
    {
        var console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Out = new AnsiConsoleOutput(screen), Ansi = AnsiSupport.Yes, ColorSystem = ColorSystemSupport.NoColors, Interactive = InteractionSupport.Yes,
        });
        console.Profile.Width = 160;
        console.Profile.Height = height;
        return console;
    }

    private sealed class LastProgress : IReporter
    {
        public Progress? Last { get; private set; }

        public void Step(ReleaseStep step, string text)
        {
        }

        public void Progress(Progress progress) => Last = progress;

        public void Detail(string text)
        {
        }

        public void Warn(Notice warning)
        {
        }
    }
}
