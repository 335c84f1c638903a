using System.Text.Json.Nodes;
using EcsRelease.LocalAws.Http;

namespace EcsRelease.LocalAws.Tests.Ecs;

/// <summary>What can be asked of service deployments and of the deployment configuration.</summary>
[TestFixture]
[Parallelizable(ParallelScope.All)]
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class ServiceDeploymentTests : IDisposable
{
    private readonly EcsRig _ecs = new();

    public void Dispose() => _ecs.Dispose();

    [Test]
    public void A_slow_listing_shows_a_deployment_and_its_revision_only_after_a_while()
    {
        _ecs.Live("good");
        _ecs.Faults.Add(new Fault("ecs", "*", FaultSwitches.SlowListing, 1, null, Seconds: 60));
        _ecs.Time.Advance(TimeSpan.FromSeconds(61));
        var service = _ecs.Update($"\"taskDefinition\":\"{_ecs.Register("good")}\"");

        _ecs.ServiceDeployments().Should().ContainSingle("the new one is not listed yet");
        var target = Describe(service["currentServiceDeployment"]!.ToString())["targetServiceRevision"]!["arn"]!.ToString();
        Revisions(target)["failures"]![0]!["reason"]!.ToString().Should().Be("MISSING");
        _ecs.Time.Advance(TimeSpan.FromSeconds(60));
        _ecs.ServiceDeployments().Should().HaveCount(2);
        Revisions(target)["serviceRevisions"]!.AsArray().Should().ContainSingle();
    }

    [Test]
    public void A_change_of_the_configuration_keeps_the_rest_and_begins_no_deployment()
    {
        _ecs.Live("good", 4);
        var id = _ecs.PrimaryId();
        _ecs.Update("\"deploymentConfiguration\":{\"deploymentCircuitBreaker\":{\"enable\":true,\"rollback\":true},\"maximumPercent\":150}");

        var configuration = _ecs.Service()["deploymentConfiguration"]!;
        configuration["deploymentCircuitBreaker"]!.ToJsonString().Should().Be("""{"enable":true,"rollback":true}""");
        (configuration["maximumPercent"]!.GetValue<int>(), configuration["minimumHealthyPercent"]!.GetValue<int>()).Should().Be((150, 100));
        _ecs.PrimaryId().Should().Be(id);
        _ecs.Update($"\"taskDefinition\":\"{_ecs.Register("crash")}\"");
        _ecs.Until(() => _ecs.Status() == "ROLLBACK_SUCCESSFUL");
    }

    [Test]
    public void Hooks_that_pause_are_refused()
    {
        var definition = _ecs.Register("good");
        var create = () => _ecs.CreateService(definition, 1, """{"lifecycleHooks":[{"targetType":"PAUSE","lifecycleStages":["POST_SCALE_UP"]}]}""");

        create.Should().Throw<AwsException>().Which.Type.Should().Be("UnsupportedFeatureException");
    }

    [Test]
    public void There_is_nothing_to_continue()
    {
        _ecs.Live("good");
        var arn = _ecs.Service()["currentServiceDeployment"]!.ToString();

        Refusal("ContinueServiceDeployment", $$"""{"serviceDeploymentArn":"{{arn}}","hookId":"ecs-pause-1"}""").Should().Be(
            ("InvalidParameterException", "No lifecycle hook 'ecs-pause-1' of this service deployment is awaiting an action."));
        Refusal("ContinueServiceDeployment", $$"""{"serviceDeploymentArn":"{{arn}}x","hookId":"ecs-pause-1"}""").Type.Should().Be("ServiceDeploymentNotFoundException");
        Refusal("ContinueServiceDeployment", $$"""{"serviceDeploymentArn":"{{arn}}","hookId":"h","action":"WAIT"}""").Type.Should().Be("InvalidParameterException");
    }

    [Test]
    public void A_deployment_that_has_ended_cannot_be_stopped()
    {
        _ecs.Live("good");

        Refusal("StopServiceDeployment", $$"""{"serviceDeploymentArn":"{{_ecs.Service()["currentServiceDeployment"]}}"}""").Type.Should().Be("ConflictException");
    }

    private JsonObject Describe(string arn) =>
        _ecs.Call("DescribeServiceDeployments", $$"""{"serviceDeploymentArns":["{{arn}}"]}""")["serviceDeployments"]![0]!.AsObject();

    private JsonObject Revisions(string arn) => _ecs.Call("DescribeServiceRevisions", $$"""{"serviceRevisionArns":["{{arn}}"]}""");

    private (string Type, string Message) Refusal(string operation, string input)
    {
        var call = () => _ecs.Call(operation, input);
        var refused = call.Should().Throw<AwsException>().Which;
        return (refused.Type, refused.Message);
    }
}
