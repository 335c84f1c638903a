using EcsRelease.Options;

namespace EcsRelease.Tests.Options;

[TestFixture]
public sealed class OptionReaderTests
{
    [Test]
    public void Without_properties_every_option_has_its_default()
    {
        Read([]).Should().BeEquivalentTo(new ReleaseOptions());
    }

    [Test]
    public void Properties_are_read_into_their_types()
    {
        var options = Read([("EcsTarget", "LOCAL"), ("EcsTimeout", "90s"), ("EcsWait", "off"), ("EcsDesiredCount", "3"), ("EcsSubnets", "subnet-1; subnet-2;"), ("EcsCreateService", "True")]);

        options.Target.Should().Be(TargetKind.Local);
        options.Timeout.Should().Be(TimeSpan.FromSeconds(90));
        options.Wait.Should().BeFalse();
        options.DesiredCount.Should().Be(3);
        options.Subnets.Should().Equal("subnet-1", "subnet-2");
        options.CreateService.Should().BeTrue();
    }

    [Test]
    public void An_empty_property_is_unset()
    {
        Read([("EcsCluster", " ")]).Cluster.Should().Be("default");
    }

    [TestCase("EcsTarget", "azure", "aws, local")]
    [TestCase("EcsTimeout", "20", "20m")]
    [TestCase("EcsTimeout", "-5m", "20m")]
    [TestCase("EcsForce", "1", "true or false")]
    [TestCase("EcsDesiredCount", "many", "whole number")]
    [TestCase("EcsService", "my service", "letters, digits")]
    [TestCase("EcsArchitecture", "amd64", "X86_64 or ARM64")]
    [TestCase("EcsAccount", "12345", "12 digits")]
    [TestCase("EcsTaskDefinition", "taskdef.json", "file:PATH")]
    [TestCase("EcsTaskDefinition", "file:", "file:PATH")]
    public void A_bad_value_is_refused_with_the_value_and_what_is_expected(string name, string value, string expected)
    {
        FluentActions.Invoking(() => Read([(name, value)])).Should().Throw<EcsReleaseException>()
            .Where(e => e.Code == "ECSR1002" && e.Outcome == ReleaseOutcome.Invalid)
            .WithMessage($"*{name}*'{value}'*{expected}*");
    }

    [Test]
    public void An_unknown_name_is_refused()
    {
        FluentActions.Invoking(() => Read([("EcsClster", "x")])).Should().Throw<EcsReleaseException>().Where(e => e.Code == "ECSR1001");
    }

    [Test]
    public void The_same_variable_twice_is_refused()
    {
        FluentActions.Invoking(() => Read([], ("EcsEnvironmentVariable", [new("A", "1"), new("A", "2")])))
            .Should().Throw<EcsReleaseException>().Where(e => e.Code == "ECSR1006").WithMessage("*'A'*");
    }

    [Test]
    public void A_name_that_is_variable_and_secret_is_refused()
    {
        FluentActions.Invoking(() => Read([], ("EcsEnvironmentVariable", [new("DB", "1")]), ("EcsSecret", [new("DB", "arn:x")])))
            .Should().Throw<EcsReleaseException>().Where(e => e.Code == "ECSR1007");
    }

    [Test]
    public void Flags_win_over_properties_and_merge_items_by_name()
    {
        var project = Text([("EcsCluster", "one"), ("EcsService", "orders")], ("EcsEnvironmentVariable", [new("A", "1"), new("B", "2")]));
        var flags = Text([("EcsCluster", "two")], ("EcsEnvironmentVariable", [new("B", "3")]));

        var options = OptionReader.Read(project.With(flags));

        options.Cluster.Should().Be("two");
        options.Service.Should().Be("orders");
        options.EnvironmentVariables.Should().Equal(new NameValue("A", "1"), new NameValue("B", "3"));
    }

    [Test]
    public void Every_option_has_a_name_of_its_own()
    {
        OptionReader.All.Select(option => option.Name).Should().OnlyHaveUniqueItems().And.OnlyContain(name => name.StartsWith("Ec"));
        OptionReader.All.Where(option => option.Flag is not null).Select(option => option.Flag).Should().OnlyHaveUniqueItems();
    }

    [TestCase("HelloEcs", "hello-ecs")]
    [TestCase("Shop.OrdersApi", "shop-orders-api")]
    [TestCase("_My__App_", "my-app")]
    public void The_service_is_named_after_the_assembly(string assembly, string service)
    {
        ReleaseNames.Kebab(assembly).Should().Be(service);
    }

    private static ReleaseOptions Read((string Name, string Value)[] properties, params (string Item, NameValue[] Elements)[] items) =>
        OptionReader.Read(Text(properties, items));

    private static OptionText Text((string Name, string Value)[] properties, params (string Item, NameValue[] Elements)[] items) => new(
        properties.ToDictionary(p => p.Name, p => p.Value),
        items.ToDictionary(i => i.Item, i => (IReadOnlyList<NameValue>)i.Elements));
}
