using System.Text.Json.Nodes;
using EcsRelease.Images.Ecr;

namespace EcsRelease.Tests.Images.Ecr;

[TestFixture]
public sealed class EcrRepositoryTests
{
    [TestCase("MUTABLE", "", "abc", false)]
    [TestCase("IMMUTABLE", "", "abc", true)]
    [TestCase("IMMUTABLE_WITH_EXCLUSION", "latest", "latest", false)]
    [TestCase("IMMUTABLE_WITH_EXCLUSION", "latest", "latest2", true)]
    [TestCase("IMMUTABLE_WITH_EXCLUSION", "dev-*", "dev-7", false)]
    [TestCase("MUTABLE_WITH_EXCLUSION", "v*", "v1.0", true)]
    [TestCase("MUTABLE_WITH_EXCLUSION", "v*", "main", false)]
    public void Whether_a_tag_is_immutable_follows_mutability_and_filters(string mutability, string filter, string tag, bool immutable)
    {
        var repository = new EcrRepository
        {
            Name = "orders",
            Description = new JsonObject
            {
                ["imageTagMutability"] = mutability,
                ["imageTagMutabilityExclusionFilters"] = new JsonArray(new JsonObject { ["filterType"] = "WILDCARD", ["filter"] = filter }),
            },
        };

        repository.MakesImmutable(tag).Should().Be(immutable);
    }
}
