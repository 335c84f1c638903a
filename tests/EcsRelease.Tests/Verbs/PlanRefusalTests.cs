namespace EcsRelease.Tests.Verbs;

/// <summary>What can be known before the build is said before the build.</summary>
[TestFixture, FixtureLifeCycle(LifeCycle.InstancePerTestCase), Parallelizable(ParallelScope.All)]
public sealed class PlanRefusalTests
{
    private EngineBed bed = null!;

    [SetUp]
    public async Task SetUp() => bed = await EngineBed.StartAsync();

    [TearDown]
    public async Task TearDown() => await bed.DisposeAsync();

    [Test]
    public async Task A_local_secret_without_a_value()
    {
        var record = await bed.ReleaseAsync(new() { Secrets = [new("DB_PASSWORD", "arn:aws:secretsmanager:us-east-1:000000000000:secret:db")] });

        (record.Code, record.Push).Should().Be(("ECSR6003", null));
    }

    [Test]
    public async Task A_capacity_provider_with_a_bad_weight()
    {
        var record = await bed.ReleaseAsync(new() { CapacityProviders = ["FARGATE=heavy"] });

        (record.Code, record.Push).Should().Be(("ECSR1002", null));
    }

    [Test]
    public async Task A_target_group_for_a_container_without_a_port()
    {
        await File.WriteAllTextAsync(Path.Combine(bed.Repository.Root, "ecs-task-definition.json"), """
            {"networkMode":"bridge","cpu":"256","memory":"512","containerDefinitions":[{"name":"orders","essential":true}]}
            """);
        bed.Commit("with a definition");

        var record = await bed.ReleaseAsync(new() { TargetGroup = "arn:tg" });

        (record.Code, record.Push).Should().Be(("ECSR1002", null));
    }

    [Test]
    public async Task The_warnings_before_a_refusal_are_in_its_record()
    {
        await bed.ReleaseAsync(new() { CircuitBreaker = CircuitBreakerPolicy.Off });

        var record = await bed.ReleaseAsync(new() { MovingTags = ["newest"] });

        record.Code.Should().Be("ECSR3011");
        record.Warnings.Should().Contain(warning => warning.Code == "ECSR5108");
        record.MovingTags.Should().BeEmpty("nothing was pushed");
    }
}
