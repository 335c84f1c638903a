using EcsRelease.Verbs;

namespace EcsRelease.Tests;

public sealed class ShellWordTests
{
    [TestCase("orders", "orders")]
    [TestCase("arn:aws:ecs:eu-west-1:1:cluster/production", "arn:aws:ecs:eu-west-1:1:cluster/production")]
    [TestCase("/srv/büro/orders.csproj", "/srv/büro/orders.csproj")]
    [TestCase("my profile", "'my profile'")]
    [TestCase("$(id)", "'$(id)'")]
    [TestCase("it's", @"'it'\''s'")]
    [TestCase("", "''")]
    [TestCase("a\n", "'a\n'")]
    public void A_value_is_quoted_when_the_shell_would_change_it(string value, string word) => ShellWord.Of(value).Should().Be(word);

    [Test]
    public void Commands_to_paste_hold_their_values_as_one_word()
    {
        FollowCommand.For(new ReleaseOptions { Cluster = "production", Profile = "my profile" }, "orders")
            .Should().Be("ecs-release wait --cluster production --service orders --profile 'my profile'");
        Errors.DubiousOwnership("/srv/my shop").Message.Should().EndWith("safe.directory '/srv/my shop'");
        Errors.LocalSecretMissing("KEY", "/srv/my shop/Orders.csproj").Message.Should().EndWith("--project '/srv/my shop/Orders.csproj'");
        Errors.ClusterMissing("arn:aws:ecs:eu-west-1:1:cluster/production", "1", "eu-west-1").Message
            .Should().EndWith("aws ecs create-cluster --cluster-name production --region eu-west-1");
    }
}
