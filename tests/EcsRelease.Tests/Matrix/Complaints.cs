using EcsRelease.Tests.Aws;
using EcsRelease.Tests.Aws.Botocore;
using EcsRelease.Tests.Deployments;
using EcsRelease.Tests.Images.Ecr;
using EcsRelease.Tests.TaskDefinitions;
using EcsRelease.Tests.Verbs;

namespace EcsRelease.Tests.Matrix;

/// <summary>What users of other tools complained of, and what shows that it does not happen here.</summary>
/// <param name="Source">The tool and its issue.</param>
/// <param name="Cases">Case files of rollouts, without folder and extension.</param>
/// <param name="Tests">Tests, named by nameof: one that goes does not compile.</param>
internal sealed record Complaint(string Source, string Text, IReadOnlyList<string> Cases, IReadOnlyList<(Type Fixture, string Test)> Tests)
{
    public static IReadOnlyList<Complaint> All { get; } =
    [
        new("GH action #191 #494, SIL", "a rollback is reported as success",
            ["complaint-services-stable-is-true-after-a-rollback", "row-12-rolled-back-by-the-breaker-with-crash-log"], []),
        new("fabfuel #185", "prints success after a rollback and deregisters the running revision",
            ["complaint-services-stable-is-true-after-a-rollback"],
            [Of<RevisionRegistryTests>(nameof(RevisionRegistryTests.A_loser_keeps_its_own_when_a_deployment_of_the_service_uses_it))]),
        new("aws ecs wait services-stable", "true after a rollback, at once for desired count 0, sometimes too early",
            ["complaint-services-stable-is-true-after-a-rollback", "complaint-services-stable-is-true-at-once-for-desired-count-0",
                "complaint-desired-count-0-succeeds-when-ecs-says-so", "complaint-services-stable-is-sometimes-too-early"], []),
        new("ecspresso #899 #929", "fails with STOPPED because of its own second deployment",
            ["row-08-joined-by-a-newer-one-of-the-same-revision", "row-04-stop-requested-waits"],
            [Of<ServiceUpdateTests>(nameof(ServiceUpdateTests.A_lost_answer_is_settled_by_reading_the_service_and_not_by_a_second_update))]),
        new("ecspresso PR673", "deregisters a revision that is in use", [],
            [Of<RevisionRegistryTests>(nameof(RevisionRegistryTests.A_loser_keeps_its_own_when_a_deployment_of_the_service_uses_it))]),
        new("ecspresso #850", "wait needs ecs:ListServiceDeployments and does not say so",
            ["complaint-the-missing-permission-is-named", "denied-describe-only", "denied-revisions-only"], []),
        new("ecspresso PR856", "a deploy removes Service Connect", [],
            [Of<RecordedReleaseTests>(nameof(RecordedReleaseTests.An_update_names_the_service_and_the_revision_and_leaves_Service_Connect_and_all_else_alone))]),
        new("SIL #180, ecspresso, ECS.Tools", "fields are lost on re-registration: secrets, executionRoleArn, pidMode, ipcMode, runtimePlatform, tags", [],
            [Of<LosslessReleaseTests>(nameof(LosslessReleaseTests.A_release_changes_the_image_of_the_named_container_and_what_is_declared_and_nothing_else)),
                Of<TaskDefinitionSourceTests>(nameof(TaskDefinitionSourceTests.The_live_definition_loses_nothing_but_what_describing_added))]),
        new("ECS.Tools", "any variable that is given replaces the whole environment", [],
            [Of<LosslessReleaseTests>(nameof(LosslessReleaseTests.A_release_changes_the_image_of_the_named_container_and_what_is_declared_and_nothing_else)),
                Of<TaskDefinitionSourceTests>(nameof(TaskDefinitionSourceTests.Options_override_the_live_container_that_is_named_and_nothing_else))]),
        new("GH action #216 #780", "empty values are stripped", [],
            [Of<LosslessReleaseTests>(nameof(LosslessReleaseTests.A_release_changes_the_image_of_the_named_container_and_what_is_declared_and_nothing_else)),
                Of<TaskDefinitionSourceTests>(nameof(TaskDefinitionSourceTests.The_live_definition_loses_nothing_but_what_describing_added))]),
        new("SIL #6", "the image of every container is overwritten", [],
            [Of<LosslessReleaseTests>(nameof(LosslessReleaseTests.A_release_changes_the_image_of_the_named_container_and_what_is_declared_and_nothing_else))]),
        new("ECS.Tools", "a mistyped cluster is created", [], [Of<ReleaseTests>(nameof(ReleaseTests.A_missing_cluster_is_refused_before_anything_is_pushed))]),
        new("ECS.Tools", "the registry's password is on a command line", [],
            [Of<StartedProgramTests>(nameof(StartedProgramTests.The_engine_starts_git_and_the_local_AWS_and_no_program_that_could_want_a_password))]),
        new("fabfuel #11", "one transient \"unable to place a task\" fails the deploy", ["complaint-one-task-cannot-be-placed-for-a-moment"], []),
        new("fabfuel #8", "\"revision minus one\" may be another bad build", ["complaint-revision-minus-one-is-another-bad-build"], []),
        new("fabfuel", "task lists of one page never finish over 100 tasks", ["complaint-more-than-100-stopped-tasks"],
            [Of<PagingTests>(nameof(PagingTests.A_list_is_read_to_its_last_page)), Of<PagingTests>(nameof(PagingTests.Names_are_described_in_batches_and_failures_are_kept))]),
        new("GH action #872", "waits minutes too long", ["complaint-success-does-not-wait-for-old-tasks-that-drain"], []),
        new("GH action #102", "silent for half an hour while tasks die with pull errors",
            ["complaint-pull-errors-are-told-while-the-rollout-goes-on", "evidence-of-an-image-that-cannot-be-pulled"], []),
        new("copilot #1180 #1369", "stuck for hours", ["complaint-a-rollout-without-end-ends-at-the-limit", "row-05-tasks-fail-with-the-breaker-off-until-the-limit", "row-14-timed-out"], []),
        new("containers-roadmap #1206", "containers that start and then exit may not trip the breaker", ["complaint-containers-that-start-and-then-exit-do-not-trip-the-breaker"], []),
        new("ECS, pause hooks", "a paused deployment stays IN_PROGRESS for a day", ["row-03-paused-until-the-limit", "row-03-paused-then-timed-out-hook-rolls-back"], []),
        new("ECS, Classic Load Balancer", "there is no rolloutState", ["denied-classic-load-balancer-without-rollout-state", "attached-behind-a-classic-load-balancer-waits-for-a-steady-state"], []),
        new("ECS, early success", "SUCCESSFUL comes before all new tasks started", ["row-06-early-success"], []),
        new("containers-roadmap #2179 #2380", "pushing the same digest to an immutable tag again fails", [], [Of<ReleaseTests>(nameof(ReleaseTests.The_same_commit_again_is_unchanged))]),
        new("ECS, RegisterTaskDefinition", "a retry after a timeout makes another revision", [],
            [Of<ReleaseTests>(nameof(ReleaseTests.A_lost_answer_leaves_one_revision_and_one_deployment)), Of<RevisionRegistryTests>(nameof(RevisionRegistryTests.A_lost_answer_leaves_one_revision))]),
    ];

    private static (Type Fixture, string Test) Of<TFixture>(string test) => (typeof(TFixture), test);
}
