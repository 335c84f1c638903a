using EcsRelease.Pruning;
using EcsRelease.Tool.Commands;
using EcsRelease.Tool.Rendering;

namespace EcsRelease.Tests.Tool;

public sealed class PruneCommandTests
{
    private static readonly PruneReport Report = new()
    {
        Version = "1.0.0",
        StartedAt = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero),
        Outcome = ReleaseOutcome.Planned,
        Message = "1 revision to deregister, 1 image to delete (at most 50.0 MB)",
        Target = "aws",
        Account = "123456789012",
        Region = "eu-west-1",
        Family = "orders",
        Repository = "orders",
        Keep = 10,
        KeepDays = 30,
        Totals = new(1, 1, 0, 1, 50_000_000, 0, 0),
        Revisions =
        [
            new("arn:aws:ecs:eu-west-1:123456789012:task-definition/orders:12", 12, "3f2a91c0d4b5e6f708192a3b4c5d6e7f80912a3b", new(2025, 12, 29, 0, 0, 0, TimeSpan.Zero), "ACTIVE", "keep", ["service production/orders runs it", "younger than 30 days"]),
            new("arn:aws:ecs:eu-west-1:123456789012:task-definition/orders:1", 1, null, new(2025, 1, 1, 0, 0, 0, TimeSpan.Zero), "ACTIVE", "deregister", ["nothing refers to it"]),
        ],
        Images = [new("sha256:0011223344556677889900112233445566778899001122334455667788990011", ["aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"], 50_000_000, new(2025, 1, 1, 0, 0, 0, TimeSpan.Zero), "delete", ["of orders:1"])],
        Warnings = [new("ECSR5254", "Could not read …")],
    };

    [Test]
    public void The_document_is_a_promise() =>
        new Pruned(Report, acted: false).ToJson().Should().Be("""
            {
              "schema": 1,
              "version": "1.0.0",
              "startedAt": "2026-01-01T00:00:00+00:00",
              "outcome": "planned",
              "code": null,
              "message": "1 revision to deregister, 1 image to delete (at most 50.0 MB)",
              "target": "aws",
              "account": "123456789012",
              "region": "eu-west-1",
              "family": "orders",
              "repository": "orders",
              "keep": 10,
              "keepDays": 30,
              "totals": {
                "kept": 1,
                "revisions": 1,
                "deletions": 0,
                "images": 1,
                "bytes": 50000000,
                "done": 0,
                "failed": 0
              },
              "revisions": [
                {
                  "taskDefinition": "arn:aws:ecs:eu-west-1:123456789012:task-definition/orders:12",
                  "revision": 12,
                  "commit": "3f2a91c0d4b5e6f708192a3b4c5d6e7f80912a3b",
                  "registeredAt": "2025-12-29T00:00:00+00:00",
                  "status": "ACTIVE",
                  "action": "keep",
                  "reasons": [
                    "service production/orders runs it",
                    "younger than 30 days"
                  ],
                  "result": null,
                  "error": null
                },
                {
                  "taskDefinition": "arn:aws:ecs:eu-west-1:123456789012:task-definition/orders:1",
                  "revision": 1,
                  "commit": null,
                  "registeredAt": "2025-01-01T00:00:00+00:00",
                  "status": "ACTIVE",
                  "action": "deregister",
                  "reasons": [
                    "nothing refers to it"
                  ],
                  "result": null,
                  "error": null
                }
              ],
              "images": [
                {
                  "digest": "sha256:0011223344556677889900112233445566778899001122334455667788990011",
                  "tags": [
                    "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
                  ],
                  "bytes": 50000000,
                  "pushedAt": "2025-01-01T00:00:00+00:00",
                  "action": "delete",
                  "reasons": [
                    "of orders:1"
                  ],
                  "result": null,
                  "error": null
                }
              ],
              "warnings": [
                {
                  "code": "ECSR5254",
                  "message": "Could not read …"
                }
              ]
            }
            """.ReplaceLineEndings("\n"));

    [Test]
    public void People_read_a_line_for_each_and_how_to_do_it()
    {
        using var writer = new StringWriter();
        var console = Consoles.Create(writer);

        new Pruned(Report, acted: false).Print(console, console);

        writer.ToString().ReplaceLineEndings("\n").Should().Be("""
            Family 'orders' (123456789012/eu-west-1), keeping the newest 10 and what is younger than 30 days
              orders:12  3f2a91c0d4b5    3 d  keep        service production/orders runs it (+1)
              orders:1   -             365 d  deregister  nothing refers to it

            Repository 'orders', images that pruned revisions named
              sha256:001122334455  aaaaaaaaaaaa  365 d  delete      of orders:1

            1 revision to deregister, 1 image to delete (at most 50.0 MB). Nothing was changed: --yes does it.

            """.ReplaceLineEndings("\n"));
    }

    [TestCase("--keep", "-1", "0 or more")]
    [TestCase("--keep-days", "-1", "0 or more")]
    [TestCase("--also-check", "staging", "PROFILE/REGION")]
    [TestCase("--also-check", "/eu-west-1", "PROFILE/REGION")]
    public async Task A_value_that_is_none_is_refused(string flag, string value, string expected)
    {
        var run = await ToolRun.OfAsync("prune", "--task-family", "orders", "--target", "local", $"{flag}={value}");

        run.ExitCode.Should().Be(2);
        run.Error.Should().Contain("ECSR1002").And.Contain(expected);
    }
}
