using EcsRelease.LocalAws.Http;
using Microsoft.Extensions.Time.Testing;

namespace EcsRelease.LocalAws.Tests.Http;

/// <summary>AWS's request quotas, with a clock that the test moves.</summary>
[TestFixture]
public sealed class ThrottleBudgetTests
{
    private readonly FakeTimeProvider _time = new();

    [TestCase("UpdateService", 50, 5)]
    [TestCase("DescribeServices", 100, 20)]
    [TestCase("RegisterTaskDefinition", 20, 1)]
    public void A_family_has_a_burst_and_then_a_rate(string operation, int burst, int perSecond)
    {
        var budgets = Budgets(throttle: true);

        Passed(budgets, operation).Should().Be(burst);
        _time.Advance(TimeSpan.FromSeconds(1));
        Passed(budgets, operation).Should().Be(perSecond);
    }

    [Test]
    public void Operations_of_a_family_share_their_budget_and_other_families_have_their_own()
    {
        var budgets = Budgets(throttle: true);

        Passed(budgets, "CreateService").Should().Be(50);
        Passed(budgets, "UpdateService").Should().Be(0);
        Passed(budgets, "DescribeServices").Should().Be(100);
    }

    [Test]
    public void Nothing_is_held_back_unless_the_setting_says_so() => Passed(Budgets(throttle: false), "UpdateService").Should().Be(1000);

    private ThrottleBudgets Budgets(bool throttle) => new(new LocalAwsSettings { Folder = "", Throttle = throttle }, _time);

    /// <summary>How many calls of 1000 pass.</summary>
    private static int Passed(ThrottleBudgets budgets, string operation)
    {
        for (var calls = 0; calls < 1000; calls++)
        {
            try
            {
                budgets.Take("ecs", operation);
            }
            catch (AwsException refused)
            {
                (refused.Type, refused.Message, refused.Status).Should().Be(("ThrottlingException", "Rate exceeded", 400));
                return calls;
            }
        }
        return 1000;
    }
}
