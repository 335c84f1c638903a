using System.Text;
using System.Text.Json.Nodes;
using EcsRelease.LocalAws.Tests.Support;

namespace EcsRelease.LocalAws.Tests.Ecr;

[Parallelizable(ParallelScope.All)]
public class RepositoryTests
{
    [Test]
    public async Task A_repository_is_made_with_ECRs_defaults()
    {
        await using var aws = await LocalAwsFixture.StartAsync();

        var repository = (await aws.CallAsync("ecr", "CreateRepository", new JsonObject { ["repositoryName"] = "team/orders" }))["repository"]!.AsObject();

        repository["repositoryUri"]!.GetValue<string>().Should().Be($"{aws.Host}/team/orders");
        repository["repositoryArn"]!.GetValue<string>().Should().Be("arn:aws:ecr:us-east-1:000000000000:repository/team/orders");
        repository["imageTagMutability"]!.GetValue<string>().Should().Be("MUTABLE");
        repository["encryptionConfiguration"]!["encryptionType"]!.GetValue<string>().Should().Be("AES256");
        repository["imageScanningConfiguration"]!["scanOnPush"]!.GetValue<bool>().Should().BeFalse();
        repository.ContainsKey("imageTagMutabilityExclusionFilters").Should().BeFalse();
    }

    [Test]
    public async Task Errors_are_worded_as_ECR_words_them()
    {
        await using var aws = await LocalAwsFixture.StartAsync();
        await aws.CreateRepositoryAsync("orders");
        var orders = new JsonObject { ["repositoryName"] = "orders" };
        var nothing = new JsonObject { ["repositoryName"] = "nothing" };

        (await aws.FailAsync("ecr", "CreateRepository", orders)).Should().Be(
            ("RepositoryAlreadyExistsException", "The repository with name 'orders' already exists in the registry with id '000000000000'"));
        (await aws.FailAsync("ecr", "DescribeImages", nothing)).Should().Be(
            ("RepositoryNotFoundException", "The repository with name 'nothing' does not exist in the registry with id '000000000000'"));
        (await aws.FailAsync("ecr", "GetLifecyclePolicy", orders)).Should().Be(
            ("LifecyclePolicyNotFoundException", "Lifecycle policy does not exist for the repository with name 'orders' in the registry with id '000000000000'"));
        (await aws.FailAsync("ecr", "CreateRepository", new JsonObject { ["repositoryName"] = "../etc" })).Type.Should().Be("InvalidParameterException");
        (await aws.FailAsync("ecr", "DescribeImages", new JsonObject { ["repositoryName"] = "orders", ["registryId"] = "111111111111" })).Message
            .Should().EndWith("does not exist in the registry with id '111111111111'");
    }

    [Test]
    public async Task Repositories_are_listed_in_pages()
    {
        await using var aws = await LocalAwsFixture.StartAsync();
        foreach (var name in (string[])["cc", "aa", "bb"])
            await aws.CreateRepositoryAsync(name);

        var first = await aws.CallAsync("ecr", "DescribeRepositories", new JsonObject { ["maxResults"] = 2 });
        var second = await aws.CallAsync("ecr", "DescribeRepositories", new JsonObject { ["maxResults"] = 2, ["nextToken"] = first["nextToken"]!.GetValue<string>() });

        Names(first).Should().Equal("aa", "bb");
        Names(second).Should().Equal("cc");
        second.ContainsKey("nextToken").Should().BeFalse();
    }

    [Test]
    public async Task A_repository_with_images_is_deleted_only_by_force()
    {
        await using var aws = await LocalAwsFixture.StartAsync();
        await aws.CreateRepositoryAsync("orders");
        await (await RegistryClient.LogInAsync(aws)).PushImageAsync("orders", "one", "content");

        var error = await aws.FailAsync("ecr", "DeleteRepository", new JsonObject { ["repositoryName"] = "orders" });
        await aws.CallAsync("ecr", "DeleteRepository", new JsonObject { ["repositoryName"] = "orders", ["force"] = true });

        error.Should().Be(("RepositoryNotEmptyException", "The repository with name 'orders' in registry with id '000000000000' cannot be deleted because it still contains images"));
        (await aws.CallAsync("ecr", "DescribeRepositories", []))["repositories"]!.AsArray().Should().BeEmpty();
    }

    [Test]
    public async Task Tags_are_added_replaced_and_removed()
    {
        await using var aws = await LocalAwsFixture.StartAsync();
        var arn = (await aws.CreateRepositoryAsync("orders"))["repository"]!["repositoryArn"]!.GetValue<string>();
        JsonObject Tag(string key, string value) => new() { ["Key"] = key, ["Value"] = value };

        await aws.CallAsync("ecr", "TagResource", new JsonObject { ["resourceArn"] = arn, ["tags"] = new JsonArray(Tag("a", "1"), Tag("b", "1")) });
        await aws.CallAsync("ecr", "TagResource", new JsonObject { ["resourceArn"] = arn, ["tags"] = new JsonArray(Tag("a", "2")) });
        await aws.CallAsync("ecr", "UntagResource", new JsonObject { ["resourceArn"] = arn, ["tagKeys"] = new JsonArray("b") });

        var tags = await aws.CallAsync("ecr", "ListTagsForResource", new JsonObject { ["resourceArn"] = arn });
        tags.ToJsonString().Should().Be("""{"tags":[{"Key":"a","Value":"2"}]}""");
    }

    [Test]
    public async Task The_registry_token_is_for_user_AWS_and_lives_twelve_hours()
    {
        await using var aws = await LocalAwsFixture.StartAsync();

        var data = (await aws.CallAsync("ecr", "GetAuthorizationToken", []))["authorizationData"]!.AsArray().Should().ContainSingle().Subject!;

        Encoding.UTF8.GetString(Convert.FromBase64String(data["authorizationToken"]!.GetValue<string>())).Should().StartWith("AWS:");
        DateTimeOffset.FromUnixTimeSeconds((long)data["expiresAt"]!.GetValue<double>()).Should().BeCloseTo(DateTimeOffset.UtcNow.AddHours(12), TimeSpan.FromMinutes(1));
        data["proxyEndpoint"]!.GetValue<string>().Should().Be($"http://{aws.Host}");
    }

    private static IEnumerable<string> Names(JsonObject page) => page["repositories"]!.AsArray().Select(one => one!["repositoryName"]!.GetValue<string>());
}
