using EcsRelease.Tool.Rendering;

namespace EcsRelease.Tests.Tool;

public sealed class ReportViewTests
{
    private static readonly ReleaseRecord Released = new()
    {
        Version = "1.0.0",
        StartedAt = DateTimeOffset.UnixEpoch,
        Outcome = ReleaseOutcome.Succeeded,
        Commit = "3f2a91c0d4b5e6f708192a3b4c5d6e7f80912a3b",
        Image = "123456789012.dkr.ecr.eu-west-1.amazonaws.com/orders:3f2a91c0d4b5e6f708192a3b4c5d6e7f80912a3b",
        Digest = "sha256:aa",
        TaskDefinition = "arn:aws:ecs:eu-west-1:123456789012:task-definition/orders:7",
        Target = "aws",
        Account = "123456789012",
        Region = "eu-west-1",
        Cluster = "production",
        Service = "orders",
        Endpoints = ["http://127.0.0.1:5000"],
        Previous = new("00112233445566778899aabbccddeeff00112233", "orders:6"),
        Push = new("layers", null, 2, 18_193, 7),
        Seconds = new Dictionary<string, double> { ["total"] = 5.61 },
    };

    private static readonly ReleaseRecord Failed = Released with
    {
        Outcome = ReleaseOutcome.RolledBack,
        Code = "ECSR5001",
        Message = "'orders' was rolled back to orders:6: container 'app' exited with code 134 (3 tasks).",
        Evidence = new RolloutEvidence
        {
            Means = "The program ended itself by SIGABRT.",
            Next = "Correct the crash, commit, release again.",
            StatusReason = "Service deployment rolled back because the circuit breaker threshold was exceeded.",
            Breaker = new("TRIGGERED", 3, 3),
            Events = ["(service orders) has reached a steady state."],
            Troubles = [new("(service orders) (deployment ecs-svc/1) deployment failed: tasks failed to start.", 2)],
            Tasks = [new("0a1b", "EssentialContainerExited", "Essential container in task exited", [new("app", 134, null, ["Unhandled exception.", "at Program.Main"])], 3)],
        },
    };

    [Test]
    public void A_success_shows_what_is_live_now_on_standard_output()
    {
        var (results, failures) = Print(Released);

        failures.Should().BeEmpty();
        results.Should().Be("""
            Released: 3f2a91c0d4b5 in service 'orders' of cluster 'production' (123456789012/eu-west-1), 5.6 s
              image     123456789012.dkr.ecr.eu-west-1.amazonaws.com/orders:3f2a91c0d4b5e6f708192a3b4c5d6e7f80912a3b
              digest    sha256:aa
              revision  arn:aws:ecs:eu-west-1:123456789012:task-definition/orders:7
              before    001122334455, orders:6
              pushed    2 blobs, 18.2 KB, 7 requests
              address   http://127.0.0.1:5000

            """.ReplaceLineEndings("\n"));
    }

    [TestCase(ReleaseOutcome.Unchanged, "Unchanged: ")]
    [TestCase(ReleaseOutcome.Started, "Started: ")]
    [TestCase(ReleaseOutcome.HandedOn, "Handed on: ")]
    public void Every_good_outcome_is_named(ReleaseOutcome outcome, string start) =>
        Print(Released with { Outcome = outcome }).Results.Should().StartWith(start);

    [TestCase(ReleaseOutcome.Succeeded, "Rolled back to 3f2a91c0d4b5 in service 'orders' of cluster 'production' (123456789012/eu-west-1), 5.6 s")]
    [TestCase(ReleaseOutcome.Unchanged, "Unchanged: 3f2a91c0d4b5 in service 'orders'")]
    [TestCase(ReleaseOutcome.Started, "Rollback started in service 'orders'")]
    public void A_way_back_is_not_told_as_a_release(ReleaseOutcome outcome, string start)
    {
        var results = new StringWriter();
        new EcsRelease.Tool.Commands.Released(Released with { Outcome = outcome }, isRollback: true).Print(Consoles.Create(results), Consoles.Create(TextWriter.Null));

        results.ToString().Should().StartWith(start);
    }

    [Test]
    public void Where_nothing_changed_there_is_no_release_before() =>
        Print(Released with { Outcome = ReleaseOutcome.Unchanged }).Results.Should().NotContain("before");

    [Test]
    public void A_failure_shows_cause_meaning_next_action_and_evidence_on_standard_error()
    {
        var (results, failures) = Print(Failed);

        results.Should().BeEmpty();
        failures.Should().Be("""
            ECSR5001: 'orders' was rolled back to orders:6: container 'app' exited with code 134 (3 tasks).
              means     The program ended itself by SIGABRT.
              next      Correct the crash, commit, release again.
              live      001122334455 again
              status    Service deployment rolled back because the circuit breaker threshold was exceeded.
              breaker   TRIGGERED: 3 of 3 failures
              task      0a1b and 2 more: EssentialContainerExited: Essential container in task exited
                        container 'app' exited with 134
                          | Unhandled exception.
                          | at Program.Main
              event     2 times: (service orders) (deployment ecs-svc/1) deployment failed: tasks failed to start.
              routine   (service orders) has reached a steady state.
              more      ecs-release explain ECSR5001

            """.ReplaceLineEndings("\n"));
    }

    [Test]
    public void What_the_error_says_is_not_said_again()
    {
        var (_, failures) = Print(Released with
        {
            Outcome = ReleaseOutcome.Failed,
            Code = "ECSR5002",
            Message = "The deployment of 'orders' failed: circuit breaker tripped (3 failures, threshold 3): tasks failed to start.",
            Evidence = new RolloutEvidence { StatusReason = "tasks failed to start." },
        });

        failures.Should().Be("""
            ECSR5002: The deployment of 'orders' failed: circuit breaker tripped (3 failures, threshold 3): tasks failed to start.
              more      ecs-release explain ECSR5002

            """.ReplaceLineEndings("\n"));
    }

    [Test]
    public void A_narrow_terminal_gets_folded_lines_but_for_what_is_there_to_be_pasted()
    {
        using var results = new StringWriter();
        using var failures = new StringWriter();
        var console = Consoles.Create(failures);
        console.Profile.Width = 60;
        ReportView.Print(Failed with { Evidence = Failed.Evidence! with { Next = $"Run: aws {new string('x', 80)}" } }, Consoles.Create(results), console);

        var lines = failures.ToString().ReplaceLineEndings("\n").Split('\n');
        lines.Should().Contain($"  next      Run: aws {new string('x', 80)}");
        lines.Where(line => !line.Contains("next", StringComparison.Ordinal)).Should().OnlyContain(line => line.Length <= 60);
        lines.Should().ContainInConsecutiveOrder("  task      0a1b and 2 more: EssentialContainerExited:", "            Essential container in task exited");
    }

    private static (string Results, string Failures) Print(ReleaseRecord record)
    {
        using var results = new StringWriter();
        using var failures = new StringWriter();
        ReportView.Print(record, Consoles.Create(results), Consoles.Create(failures));
        return (results.ToString().ReplaceLineEndings("\n"), failures.ToString().ReplaceLineEndings("\n"));
    }
}
