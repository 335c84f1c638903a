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
        Repository(mutability, filter).MakesImmutable(tag).Should().Be(immutable);
    }

    [TestCase("MUTABLE", "", "latest;main", "IMMUTABLE_WITH_EXCLUSION", "latest main")]
    [TestCase("IMMUTABLE", "", "latest", "IMMUTABLE_WITH_EXCLUSION", "latest")]
    [TestCase("IMMUTABLE_WITH_EXCLUSION", "dev-*;old", "dev-7;latest", "IMMUTABLE_WITH_EXCLUSION", "dev-* old latest")]
    [TestCase("MUTABLE_WITH_EXCLUSION", "v*", "v1", "IMMUTABLE_WITH_EXCLUSION", "v1")]
    [TestCase("MUTABLE", "", "", "IMMUTABLE", "")]
    public void The_command_that_makes_tags_immutable_keeps_what_is_excluded_and_adds_the_moving_tags(string mutability, string filters, string moving, string expected, string excluded)
    {
        var repository = Repository(mutability, filters) with { Uri = "111122223333.dkr.ecr.eu-west-1.amazonaws.com/orders", RegistryId = "111122223333" };

        repository.MakeImmutableCommand(moving.Split(';', StringSplitOptions.RemoveEmptyEntries)).Should().Be(
            $"aws ecr put-image-tag-mutability --repository-name orders --registry-id 111122223333 --region eu-west-1 --image-tag-mutability {expected}"
            + (excluded.Length == 0 ? "" : " --image-tag-mutability-exclusion-filters " + string.Join(' ', excluded.Split(' ').Select(tag => $"'filterType=WILDCARD,filter={tag}'"))));
    }

    [TestCase("host/orders:v1", "v1")]
    [TestCase("host/orders:v1@sha256:DIGEST", "sha256:DIGEST")]
    [TestCase("host/orders@sha256:DIGEST", "sha256:DIGEST")]
    [TestCase("host/orders", null)]
    [TestCase("host/orders:", null)]
    [TestCase("host/orders:v1#x", null)]
    [TestCase("host/orders-api:v1", null)]
    public void An_image_of_the_repository_is_asked_for_by_its_digest_or_else_its_tag(string image, string? expected)
    {
        var digest = new string('a', 64);

        (Repository("MUTABLE", "") with { Uri = "host/orders" }).TagOrDigestOf(image.Replace("DIGEST", digest, StringComparison.Ordinal))
            .Should().Be(expected?.Replace("DIGEST", digest, StringComparison.Ordinal));
    }

    private static EcrRepository Repository(string mutability, string filters) => new()
    {
        Name = "orders",
        Description = new JsonObject
        {
            ["imageTagMutability"] = mutability,
            ["imageTagMutabilityExclusionFilters"] = new JsonArray([.. filters.Split(';', StringSplitOptions.RemoveEmptyEntries).Select(filter => new JsonObject { ["filterType"] = "WILDCARD", ["filter"] = filter })]),
        },
    };
}
