using EcsRelease.Deployments;

namespace EcsRelease.Tests.Deployments;

/// <summary>ECS's texts are AWS's own (docs.aws.amazon.com/AmazonECS/latest/developerguide/troubleshooting.html).</summary>
public class NextActionTests
{
    [TestCase("CannotPullContainerError: ... pull access denied for x", "ecr:BatchGetImage")]
    [TestCase("CannotPullContainerError: dial tcp 1.2.3.4:443: i/o timeout", "EcsAssignPublicIp=true")]
    [TestCase("CannotPullContainerError: image Manifest does not contain descriptor matching platform 'linux/amd64'", "EcsArchitecture")]
    [TestCase("ResourceInitializationError: unable to pull secrets or registry auth: AccessDeniedException", "secretsmanager:GetSecretValue")]
    [TestCase("ResourceInitializationError: failed to validate logger args: create stream has been retried 1 times: failed to create Cloudwatch log stream: ResourceNotFoundException: The specified log group does not exist.", "create-log-group")]
    [TestCase("Task failed ELB health checks in (target-group arn:tg)", "healthCheckGracePeriodSeconds")]
    public void A_task_that_stopped_for_a_known_reason_gets_its_next_action(string reason, string action) =>
        NextAction.For(new RolloutEvidence { Tasks = [new("t", "TaskFailedToStart", reason, [])] }).Should().Contain(action);

    [TestCase("(service orders) was unable to place a task. Reason: Capacity is unavailable at this time. Please try again later or in a different availability zone.", "Add subnets")]
    [TestCase("(service orders) was unable to stop or start tasks during a deployment because of the service deployment configuration.", "maximumPercent")]
    public void An_event_with_a_known_text_gets_its_next_action(string message, string action) =>
        NextAction.For(new RolloutEvidence { Events = [message] }).Should().Contain(action);

    [TestCase(0, "", "must keep running")]
    [TestCase(137, "", "was killed")]
    [TestCase(139, "", "SIGSEGV")]
    [TestCase(139, "Unhandled exception. System.Exception: boom", "unhandled exception")]
    [TestCase(255, "exec /app/orders: exec format error", "EcsArchitecture")]
    [TestCase(3, "bye", "crashed")]
    public void A_dead_container_gets_a_next_action_by_log_and_exit_code(int exitCode, string line, string action) =>
        NextAction.For(new RolloutEvidence { Tasks = [new("t", "EssentialContainerExited", "Essential container in task exited", [new("orders", exitCode, null, [line])])] })
            .Should().Contain(action);

    [Test]
    public void An_unknown_text_gets_no_advice() =>
        NextAction.For(new RolloutEvidence { StatusReason = "something new", Tasks = [new("t", "New", "SomethingNewError: x", [])] }).Should().BeNull();
}
