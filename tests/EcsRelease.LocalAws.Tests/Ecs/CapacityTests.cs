using System.Text.Json.Nodes;
using EcsRelease.LocalAws.Http;

namespace EcsRelease.LocalAws.Tests.Ecs;

/// <summary>Tasks that find no place (https://docs.aws.amazon.com/AmazonECS/latest/developerguide/service-event-messages.html).</summary>
[TestFixture]
[Parallelizable(ParallelScope.All)]
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class CapacityTests : IDisposable
{
    private const string Instances = "(service orders) was unable to place a task because no container instance met all of its requirements. Reason: No Container Instances were found in your cluster. For more information, see the Troubleshooting section of the Amazon ECS Developer Guide.";
    private const string Fargate = "(service orders) was unable to place a task. Reason: Capacity is unavailable at this time. Please try again later or in a different availability zone.";

    private const string OnFargate = """ "launchType":"FARGATE","networkConfiguration":{"awsvpcConfiguration":{"subnets":["s"]}} """;

    private readonly EcsRig _ecs = new();

    public void Dispose() => _ecs.Dispose();

    [Test]
    public void Without_capacity_the_rollout_goes_on_trying_and_the_old_tasks_serve()
    {
        _ecs.Live("good");
        var next = NoRoom(1000);
        _ecs.Update($"\"taskDefinition\":\"{next}\"");
        _ecs.Run(300);

        _ecs.Status().Should().Be("IN_PROGRESS");
        _ecs.Deployments()[0]["failedTasks"]!.GetValue<int>().Should().BeInRange(4, 20, "each try waits longer than the one before");
        _ecs.Tasks().Should().HaveCount(2).And.OnlyContain(task => task["taskDefinitionArn"]!.ToString() != next);
        _ecs.Events().Should().ContainSingle(text => text == Instances, "ECS repeats it only after six hours");

        _ecs.Faults.Clear();
        _ecs.Until(() => _ecs.Status() == "SUCCESSFUL");
        _ecs.Tasks().Should().OnlyContain(task => task["taskDefinitionArn"]!.ToString() == next);
    }

    [Test]
    public void A_task_that_cannot_be_placed_counts_for_the_circuit_breaker()
    {
        _ecs.Live("good", 1, """{"deploymentCircuitBreaker":{"enable":true,"rollback":true}}""");
        _ecs.Update($"\"taskDefinition\":\"{NoRoom(3)}\"");
        _ecs.Until(() => _ecs.Status() == "ROLLBACK_SUCCESSFUL");

        _ecs.ServiceDeployments()[0]["deploymentCircuitBreaker"]!["failureCount"]!.GetValue<int>().Should().Be(3);
    }

    [Test]
    public void A_new_shortage_after_a_start_is_told_anew()
    {
        _ecs.Live("good");
        _ecs.Update($"\"taskDefinition\":\"{NoRoom(1)}\"");
        _ecs.Until(() => _ecs.Status() == "SUCCESSFUL");
        _ecs.Update($"\"taskDefinition\":\"{NoRoom(1)}\"");
        _ecs.Until(() => _ecs.Status() == "SUCCESSFUL");

        _ecs.Events().Count(text => text == Instances).Should().Be(2);
    }

    [Test]
    public void On_Fargate_it_is_capacity_in_the_availability_zone()
    {
        var definition = FargateDefinition();
        _ecs.Faults.Add(new Fault("ecs", FaultSwitches.Placement, FaultSwitches.NoCapacity, 1000, null));
        _ecs.Call("CreateService", $$"""{"serviceName":"orders","taskDefinition":"{{definition}}","desiredCount":1,{{OnFargate}} }""");
        _ecs.Run(50);

        _ecs.Events().Should().ContainSingle(text => text == Fargate);
        _ecs.Service()["runningCount"]!.GetValue<int>().Should().Be(0);
    }

    [Test]
    public void RunTask_answers_with_failures_on_Fargate_and_refuses_without_instances()
    {
        _ecs.Faults.Add(new Fault("ecs", "RunTask", FaultSwitches.NoCapacity, 2, null));
        var answer = _ecs.Call("RunTask", $$"""{"taskDefinition":"{{FargateDefinition()}}","count":3,{{OnFargate}} }""");
        _ecs.Faults.Add(new Fault("ecs", "RunTask", FaultSwitches.NoCapacity, 1, null));
        var refused = () => _ecs.Call("RunTask", $$"""{"taskDefinition":"{{_ecs.Register("good")}}"}""");

        answer["tasks"]!.AsArray().Should().HaveCount(1);
        answer["failures"]!.AsArray().Select(failure => failure!["reason"]!.ToString()).Should().Equal(
            Enumerable.Repeat("Capacity is unavailable at this time. Please try again later or in a different availability zone", 2));
        refused.Should().Throw<AwsException>().WithMessage("No Container Instances were found in your cluster.").Which.Type.Should().Be("InvalidParameterException");
    }

    /// <summary>So many tasks of services find no place from now on.</summary>
    /// <returns>A new definition.</returns>
    private string NoRoom(int times)
    {
        _ecs.Faults.Add(new Fault("ecs", FaultSwitches.Placement, FaultSwitches.NoCapacity, times, null));
        return _ecs.Register("good");
    }

    private string FargateDefinition() => _ecs.Call("RegisterTaskDefinition", """
        {"family":"orders","networkMode":"awsvpc","requiresCompatibilities":["FARGATE"],"cpu":"256","memory":"512","containerDefinitions":[{"name":"app","image":"good"}]}
        """)["taskDefinition"]!["taskDefinitionArn"]!.ToString();
}
