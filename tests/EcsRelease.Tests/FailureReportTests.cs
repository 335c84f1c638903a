namespace EcsRelease.Tests;

[TestFixture]
public sealed class FailureReportTests
{
    private static readonly ReleaseRecord Failed = new()
    {
        Version = "1.0.0",
        StartedAt = DateTimeOffset.UnixEpoch,
        Outcome = ReleaseOutcome.RolledBack,
        Code = "ECSR5001",
        Message = "'orders' was rolled back: container 'app' exited with code 1, its log says: <b>*boom*</b> | ##[add-mask]x \u001b[2J",
        Commit = "3f2a91c0d4b5e6f708192a3b4c5d6e7f80912a3b",
        Target = "aws",
        Cluster = "production",
        Evidence = new()
        {
            Means = "It ended.",
            Next = "Run: aws logs create-log-group --log-group-name /ecs/my_app",
            Alarms = [new("errors", "ALARM", "too many")],
            Hooks = [new("ecs-pause-1", "PAUSE", null, "TIMED_OUT", DateTimeOffset.UnixEpoch, "ROLLBACK")],
            Tasks = [new("abc", "EssentialContainerExited", "Essential container in task exited", [new("app", 1, null, ["```", "::set-output name=x::y", "</details>"])])],
            Targets = [new("arn:tg", "unhealthy", "Target.Timeout", "Request timed out", ["10.0.0.7:8080", "10.0.0.8:8080"])],
            Notes = ["stopped tasks could not be read: ecs:ListTasks: AccessDeniedException: no"],
        },
    };

    [Test]
    public void Everything_that_was_seen_and_what_could_not_be_read_is_in_the_report() =>
        FailureReport.Of(Failed).Lines().Should().Equal(
            "  means     It ended.",
            "  next      Run: aws logs create-log-group --log-group-name /ecs/my_app",
            "  alarm     'errors': ALARM: too many",
            "  hook      ecs-pause-1: TIMED_OUT: expires 1970-01-01 00:00:00Z, then ROLLBACK",
            "  task      abc: EssentialContainerExited: Essential container in task exited",
            "            container 'app' exited with 1",
            "              | ```",
            "              | ::set-output name=x::y",
            "              | </details>",
            "  target    10.0.0.7:8080, 10.0.0.8:8080: unhealthy: Target.Timeout: Request timed out: arn:tg",
            "  unread    stopped tasks could not be read: ecs:ListTasks: AccessDeniedException: no",
            "  more      ecs-release explain ECSR5001");

    [Test]
    public void What_a_terminal_or_a_runner_would_obey_is_shown_instead() =>
        FailureReport.Of(Failed).Cause.Should().EndWith(@"<b>*boom*</b> | # #[add-mask]x \x1b[2J");

    [Test]
    public void The_step_summary_tells_cause_meaning_and_next_action_first_and_no_text_formats_it() =>
        GitHubActions.Summary(Failed, "orders").Should().Be("""
            ### orders: rolledBack

            **ECSR5001**: 'orders' was rolled back: container 'app' exited with code 1, its log says: &lt;b&gt;\*boom\*&lt;/b&gt; \| \# \#\[add-mask\]x \\x1b\[2J

            **What it means**: It ended.

            **What to do next**: Run: aws logs create-log-group --log-group-name /ecs/my\_app

            | commit | image | revision | cluster | seconds |
            |---|---|---|---|---|
            | 3f2a91c0d4b5e6f708192a3b4c5d6e7f80912a3b |  |  | production (aws) | 0.0 |

            <details><summary>What was seen</summary>

            **alarm** 'errors': ALARM: too many

            **hook** ecs-pause-1: TIMED\_OUT: expires 1970-01-01 00:00:00Z, then ROLLBACK

            **task** abc: EssentialContainerExited: Essential container in task exited

            container 'app' exited with 1

            ````text
            ```
            ::set-output name=x::y
            </details>
            ````

            **target** 10.0.0.7:8080, 10.0.0.8:8080: unhealthy: Target.Timeout: Request timed out: arn:tg

            **unread** stopped tasks could not be read: ecs:ListTasks: AccessDeniedException: no

            **more** ecs-release explain ECSR5001

            </details>


            """.ReplaceLineEndings("\n"));

    [TestCase(ReleaseOutcome.Succeeded, ReleaseOutcome.Succeeded, "succeeded")]
    [TestCase(ReleaseOutcome.Unchanged, ReleaseOutcome.Succeeded, "succeeded")]
    [TestCase(ReleaseOutcome.RolledBack, ReleaseOutcome.Succeeded, "partial")]
    [TestCase(ReleaseOutcome.RolledBack, ReleaseOutcome.RolledBack, "rolledBack")]
    public void The_step_output_of_several_services_is_the_outcome_of_all_and_not_the_last_ones(ReleaseOutcome first, ReleaseOutcome last, string outcome) =>
        GitHubActions.Outputs([Failed with { Outcome = first }, Failed with { Outcome = last }]).Should().Equal(new NameValue("outcome", outcome));

    [Test]
    public void The_step_summary_of_a_success_is_a_line_and_a_table() =>
        GitHubActions.Summary(Failed with { Outcome = ReleaseOutcome.Succeeded, Code = null, Message = "early, 2 of 3 tasks", Evidence = null }, "orders").Should().Be("""
            ### orders: succeeded

            early, 2 of 3 tasks

            | commit | image | revision | cluster | seconds |
            |---|---|---|---|---|
            | 3f2a91c0d4b5e6f708192a3b4c5d6e7f80912a3b |  |  | production (aws) | 0.0 |


            """.ReplaceLineEndings("\n"));

    [Test]
    public void The_evidence_of_the_record_keeps_its_shape() =>
        (Failed with { Evidence = Failed.Evidence! with { Breaker = new("TRIGGERED", 3, 3), Troubles = [new("x", 2)], Events = ["x", "x"] } }).ToJson().Should().EndWith("""
              "evidence": {
                "cause": null,
                "means": "It ended.",
                "next": "Run: aws logs create-log-group --log-group-name /ecs/my_app",
                "statusReason": null,
                "breaker": {
                  "status": "TRIGGERED",
                  "failureCount": 3,
                  "threshold": 3
                },
                "alarms": [
                  {
                    "name": "errors",
                    "state": "ALARM",
                    "reason": "too many"
                  }
                ],
                "hooks": [
                  {
                    "id": "ecs-pause-1",
                    "type": "PAUSE",
                    "target": null,
                    "status": "TIMED_OUT",
                    "expiresAt": "1970-01-01T00:00:00+00:00",
                    "timeoutAction": "ROLLBACK"
                  }
                ],
                "pause": null,
                "events": [
                  "x",
                  "x"
                ],
                "troubles": [
                  {
                    "message": "x",
                    "count": 2
                  }
                ],
                "tasks": [
                  {
                    "id": "abc",
                    "stopCode": "EssentialContainerExited",
                    "reason": "Essential container in task exited",
                    "containers": [
                      {
                        "name": "app",
                        "exitCode": 1,
                        "reason": null,
                        "log": [
                          "```",
                          "::set-output name=x::y",
                          "</details>"
                        ]
                      }
                    ],
                    "count": 1
                  }
                ],
                "targets": [
                  {
                    "targetGroup": "arn:tg",
                    "state": "unhealthy",
                    "reason": "Target.Timeout",
                    "description": "Request timed out",
                    "targets": [
                      "10.0.0.7:8080",
                      "10.0.0.8:8080"
                    ]
                  }
                ],
                "notes": [
                  "stopped tasks could not be read: ecs:ListTasks: AccessDeniedException: no"
                ]
              }
            }
            """.ReplaceLineEndings("\n"));
}
