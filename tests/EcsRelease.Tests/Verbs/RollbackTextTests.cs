using EcsRelease.Git;
using EcsRelease.TaskDefinitions;
using EcsRelease.Verbs;

namespace EcsRelease.Tests.Verbs;

/// <summary>How a rollback is shown before it: to people and as a document.</summary>
public sealed class RollbackTextTests
{
    private static readonly DateTimeOffset _now = new(2026, 11, 24, 12, 0, 0, TimeSpan.Zero);

    private static readonly RollbackPlan _plan = new()
    {
        Version = "1.0.0",
        Outcome = "planned",
        Action = "update",
        Target = "aws",
        Account = "123456789012",
        Region = "eu-west-1",
        Cluster = "production",
        Service = "orders",
        From = new("arn:aws:ecs:eu-west-1:123456789012:task-definition/orders:7", "9c2f91c0d4b5e6f708192a3b4c5d6e7f80912a3b", "Cache the \u001btotals", "host/orders:9c2f", "sha256:bb", _now.AddMinutes(-40), "succeeded"),
        To = new("arn:aws:ecs:eu-west-1:123456789012:task-definition/orders:6", "3f2a91c0d4b5e6f708192a3b4c5d6e7f80912a3b", null, "host/orders:3f2a", "sha256:aa", _now.AddDays(-3), "succeeded"),
        TakenBack = [new("9c2f91c0d4b5e6f708192a3b4c5d6e7f80912a3b", "Cache the totals")],
        TakenBackCount = 3,
        BroughtCount = 1,
        Differences = [new("app", "environment LOG_LEVEL", "(hidden)", "info", IsReleased: true), new(null, "cpu", "512", "256")],
        Warnings = [new("ECSR5224", "made by hand")],
    };

    [Test]
    public void People_see_from_where_to_where_what_is_taken_back_and_what_differs() =>
        string.Join('\n', RollbackText.Lines(_plan, _now)).Should().Be("""
            Rollback of 'orders' in cluster 'production' (123456789012/eu-west-1):
              from        orders:7, 9c2f91c0d4b5 'Cache the \x1btotals', 40 min ago, succeeded
              to          orders:6, 3f2a91c0d4b5, 3 days ago, succeeded
              commits     takes back 3
                            9c2f91c0d4b5 Cache the totals
                            and 2 more
                          brings 1 that are not live now
              changes     environment LOG_LEVEL: (hidden) → info
                          cpu: 512 → 256
              service     one update brings the revision back
            """.ReplaceLineEndings("\n"));

    [Test]
    public void A_deployment_that_is_undone_needs_no_goal() =>
        string.Join('\n', RollbackText.Lines(_plan with { Action = "stop", To = null, TakenBack = [], TakenBackCount = 0, BroughtCount = 0, Differences = [] }, _now)).Should()
            .EndWith("  to          what was live before it\n  service     the deployment in progress is stopped and rolled back");

    [Test]
    public void The_document_is_a_promise() => _plan.ToJson().Should().Be("""
        {
          "schema": 1,
          "version": "1.0.0",
          "outcome": "planned",
          "action": "update",
          "target": "aws",
          "account": "123456789012",
          "region": "eu-west-1",
          "cluster": "production",
          "service": "orders",
          "from": {
            "taskDefinition": "arn:aws:ecs:eu-west-1:123456789012:task-definition/orders:7",
            "commit": "9c2f91c0d4b5e6f708192a3b4c5d6e7f80912a3b",
            "subject": "Cache the \u001Btotals",
            "image": "host/orders:9c2f",
            "digest": "sha256:bb",
            "at": "2026-11-24T11:20:00+00:00",
            "end": "succeeded"
          },
          "to": {
            "taskDefinition": "arn:aws:ecs:eu-west-1:123456789012:task-definition/orders:6",
            "commit": "3f2a91c0d4b5e6f708192a3b4c5d6e7f80912a3b",
            "subject": null,
            "image": "host/orders:3f2a",
            "digest": "sha256:aa",
            "at": "2026-11-21T12:00:00+00:00",
            "end": "succeeded"
          },
          "takenBack": [
            {
              "sha": "9c2f91c0d4b5e6f708192a3b4c5d6e7f80912a3b",
              "subject": "Cache the totals"
            }
          ],
          "takenBackCount": 3,
          "broughtCount": 1,
          "commitsUnknown": null,
          "differences": [
            {
              "container": "app",
              "member": "environment LOG_LEVEL",
              "before": "(hidden)",
              "after": "info"
            },
            {
              "container": null,
              "member": "cpu",
              "before": "512",
              "after": "256"
            }
          ],
          "warnings": [
            {
              "code": "ECSR5224",
              "message": "made by hand"
            }
          ]
        }
        """.ReplaceLineEndings("\n"));
}
