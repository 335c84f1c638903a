namespace EcsRelease.Tests.Verbs;

/// <summary>The ways out that a refusal names fit the controller.</summary>
public sealed class ControllerTextTests
{
    [Test]
    public void Of_CodeDeploy_they_are_its_own_deployment_and_the_move_to_blue_green() =>
        Errors.ControllerNotOffered("orders", "production", "CODE_DEPLOY").Message.Should().ContainAll(
            "EcsStopAfter=register", "aws deploy create-deployment", "aws ecs update-service --cluster production --service orders --deployment-controller type=ECS", "strategy=BLUE_GREEN").And.NotContain("task set");

    [Test]
    public void Of_an_external_controller_they_are_a_task_set_and_another_service() =>
        Errors.ControllerNotOffered("orders", "production", "EXTERNAL").Message.Should().ContainAll(
            "EcsStopAfter=register", "aws ecs create-task-set --cluster production --service orders --task-definition REVISION", "EcsCreateService=true").And.NotContain("CodeDeploy");
}
