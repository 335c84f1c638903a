using EcsRelease.Options;

namespace EcsRelease.Tests.Options;

public sealed class ServiceItemsTests
{
    [Test]
    public void Metadata_override_properties_for_one_service_and_flags_override_both()
    {
        var project = Project([new("web", []), new("worker", [new("EcsCpu", "512"), new("EcsCommand", "worker;--fast"), new("EcsWave", "2")])], ("EcsCpu", "256"), ("EcsMemory", "1024"));

        var services = ServiceItems.Of(project, Flags(("EcsMemory", "2048")))!.Select(OptionReader.Read).ToList();

        services.Select(each => (each.Service, each.Cpu, each.Memory, each.Wave)).Should().Equal(("web", "256", "2048", 1), ("worker", "512", "2048", 2));
        services[1].Command.Should().Equal("worker", "--fast");
    }

    [Test]
    public void Flags_choose_among_the_items_or_declare_where_there_are_none()
    {
        Names(Project([new("web", []), new("worker", [])]), "worker").Should().Equal("worker");
        Names(Project([]), "web", "worker").Should().Equal("web", "worker");
        ServiceItems.Of(Project([]), OptionText.None).Should().BeNull();
    }

    [TestCase("ECSR1036", "EcsCpuu", "Did you mean 'EcsCpu'?")]
    [TestCase("ECSR1036", "Cpu", "Did you mean 'EcsCpu'?")]
    [TestCase("ECSR1037", "EcsBaseImage", "'EcsBaseImage'")]
    [TestCase("ECSR1037", "EcsProfile", "'EcsProfile'")]
    public void What_cannot_be_meant_for_one_service_is_refused(string code, string metadata, string part) =>
        Refused(Project([new("web", [new(metadata, "x")])]), code).WithMessage($"*{part}*");

    [Test]
    public void A_service_beside_the_items_is_refused() => Refused(Project([new("web", [])], ("EcsService", "orders")), "ECSR1035").WithMessage("*'orders'*");

    [Test]
    public void A_service_that_is_not_declared_is_refused_with_the_nearest()
    {
        var choose = () => Names(Project([new("worker", [])]), "wroker");

        choose.Should().Throw<EcsReleaseException>().Where(error => error.Code == "ECSR1039").WithMessage("*'worker'*");
    }

    [Test]
    public void A_verb_of_one_service_takes_the_one_that_is_named()
    {
        var project = Project([new("web", []), new("worker", [new("EcsCluster", "batch")])]);
        var unclear = () => ServiceItems.OnlyOf(project, OptionText.None);

        OptionReader.Read(ServiceItems.OnlyOf(project, Flags(("EcsService", "worker")))).Cluster.Should().Be("batch");
        unclear.Should().Throw<EcsReleaseException>().Where(error => error.Code == "ECSR1043");
    }

    private static FluentAssertions.Specialized.ExceptionAssertions<EcsReleaseException> Refused(OptionText project, string code)
    {
        var read = () => ServiceItems.Of(project, OptionText.None);
        return read.Should().Throw<EcsReleaseException>().Where(error => error.Code == code);
    }

    private static IEnumerable<string?> Names(OptionText project, params string[] chosen) => ServiceItems.Of(project, OptionText.None with
    {
        Items = new Dictionary<string, IReadOnlyList<NameValue>> { ["EcsServices"] = [.. chosen.Select(name => new NameValue(name, ""))] },
    })!.Select(text => OptionReader.Read(text).Service);

    private static OptionText Project(IReadOnlyList<ServiceItem> services, params (string Name, string Value)[] properties) => Flags(properties) with { Services = services };

    private static OptionText Flags(params (string Name, string Value)[] properties) =>
        new(properties.ToDictionary(pair => pair.Name, pair => pair.Value), new Dictionary<string, IReadOnlyList<NameValue>>());
}
