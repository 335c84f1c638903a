namespace EcsRelease.Tests.Matrix;

public class RowTableTests
{
    [TestCase("rolledBack", "succeeded", 1, 0)]
    [TestCase("timedOut", "unchanged", 1, 0)]
    [TestCase("succeeded", "timedOut", 0, 1)]
    [TestCase("unchanged", "failed", 0, 1)]
    [TestCase("failed", "rolledBack", 0, 0)]
    public void Another_outcome_than_the_expected_one_is_wrong_and_counted_when_it_misleads(string expected, string seen, int falseSuccesses, int falseFailures)
    {
        var table = new RowTable([new("6", "right", "succeeded", "succeeded"), new("12", "wrong", expected, seen)]);

        table.Wrong.Should().ContainSingle().Which.Case.Should().Be("wrong");
        table.ToString().Should().EndWith($"2 cases: {falseSuccesses} false successes, {falseFailures} false failures");
    }
}
