using System.CommandLine;
using EcsRelease.Options;
using EcsRelease.Tool.Commands;

namespace EcsRelease.Tests.Tool;

public sealed class OptionFlagsTests
{
    [Test]
    public void Nothing_given_is_nothing_said()
    {
        var text = Read();

        text.Properties.Should().BeEmpty();
        text.Items.Should().BeEmpty();
    }

    [Test]
    public void A_flag_is_its_property() =>
        Read("--cluster", "production", "--repository=shop/orders").Properties.Should().BeEquivalentTo(new Dictionary<string, string>
        {
            ["EcsCluster"] = "production",
            ["EcrRepository"] = "shop/orders",
        });

    [Test]
    public void A_switch_is_true_and_a_negated_one_false() =>
        Read("--force", "--no-wait").Properties.Should().BeEquivalentTo(new Dictionary<string, string> { ["EcsForce"] = "true", ["EcsWait"] = "false" });

    [TestCase("true", "--create-service")]
    [TestCase("true", "--create-service", "true")]
    [TestCase("false", "--create-service", "false")]
    [TestCase("false", "--create-service=false")]
    public void A_switch_whose_default_depends_takes_a_word(string expected, params string[] arguments) =>
        Read(arguments).Properties.Should().BeEquivalentTo(new Dictionary<string, string> { ["EcsCreateService"] = expected });

    [Test]
    public void A_list_may_be_repeated_or_separated() =>
        OptionReader.Read(Read("--moving-tag", "latest", "--moving-tag", "main;next")).MovingTags.Should().Equal("latest", "main", "next");

    [Test]
    public void A_list_of_patterns_is_separated_as_well() =>
        OptionReader.Read(Read("--allow-untracked", "a.json;b/**")).AllowUntracked.Should().Equal("a.json", "b/**");

    [Test]
    public void The_records_path_is_meant_from_the_working_directory() =>
        Read("--release-record", "out/release.json").Properties["EcsReleaseRecord"].Should().Be(Path.GetFullPath("out/release.json"));

    [Test]
    public void Pairs_are_items()
    {
        var options = OptionReader.Read(Read("--env", "A=1", "--env", "B=x=y", "--secret", "C=arn:aws:secretsmanager:eu-west-1:123456789012:secret:c", "--port", "8080", "--port", "53/udp"));

        options.EnvironmentVariables.Should().Equal(new NameValue("A", "1"), new NameValue("B", "x=y"));
        options.Secrets.Should().Equal(new NameValue("C", "arn:aws:secretsmanager:eu-west-1:123456789012:secret:c"));
        options.Ports.Select(port => port.Name).Should().Equal("8080", "53");
        options.Ports[1].Value.Should().Be("udp");
    }

    [Test]
    public void A_pair_without_a_value_is_refused()
    {
        var read = () => Read("--env", "A");

        read.Should().Throw<EcsReleaseException>().Where(error => error.Code == "ECSR1002").WithMessage("--env is 'A': expected NAME=VALUE.");
    }

    [Test]
    public void A_flag_wins_over_the_project()
    {
        var project = new OptionText(
            new Dictionary<string, string> { ["EcsCluster"] = "staging", ["EcsCpu"] = "512" },
            new Dictionary<string, IReadOnlyList<NameValue>> { ["EcsEnvironmentVariable"] = [new("A", "project"), new("B", "project")] });

        var options = OptionReader.Read(project.With(Read("--cluster", "production", "--env", "B=flag")));

        options.Cluster.Should().Be("production");
        options.Cpu.Should().Be("512");
        options.EnvironmentVariables.Should().BeEquivalentTo([new NameValue("A", "project"), new NameValue("B", "flag")]);
    }

    private static OptionText Read(params string[] arguments)
    {
        var command = new Command("deploy");
        var flags = OptionFlags.All();
        flags.AddTo(command);
        var parsed = command.Parse(arguments);
        parsed.Errors.Should().BeEmpty();
        return flags.Read(parsed);
    }
}
