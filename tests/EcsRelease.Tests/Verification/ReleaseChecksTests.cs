using EcsRelease.Images.Ecr;
using EcsRelease.Verification;

namespace EcsRelease.Tests.Verification;

public sealed class ReleaseChecksTests
{
    private static VerifiedRelease Release(ReleaseOptions? options = null) => CheckBed.Release("""{"containerDefinitions":[{"name":"app"}]}""", options: options);

    [Test]
    public async Task A_plan_that_is_made() => (await CheckBed.OneAsync(new PlanCheck(), Release())).ShouldBeOk("can be released to a new service 'orders'");

    [Test]
    public async Task A_plan_that_is_refused() => (await CheckBed.OneAsync(new PlanCheck(), Release() with { Refusal = Errors.ServiceMissing("orders", "default") }))
        .ShouldHaveFailed("ECSR4010: Service 'orders' does not exist", "ecs-release explain ECSR4010");

    [Test]
    public async Task A_repository_that_keeps_its_tags() => (await CheckBed.OneAsync(new RepositoryCheck(), Release())).ShouldBeOk("makes the commit's tag immutable");

    [Test]
    public async Task A_repository_that_does_not_is_fine_as_long_as_the_digest_names_the_image() =>
        (await CheckBed.OneAsync(new RepositoryCheck(), Release() with { Repository = Mutable })).ShouldBeOk("names its image by digest");

    [Test]
    public async Task And_fails_when_the_tag_does() =>
        (await CheckBed.OneAsync(new RepositoryCheck(), Release(new() { ImageReference = ImageReferencePolicy.Tag }) with { Repository = Mutable }))
            .ShouldHaveFailed("can be overwritten", "aws ecr put-image-tag-mutability --repository-name orders");

    [Test]
    public async Task A_repository_that_does_not_exist() =>
        (await CheckBed.OneAsync(new RepositoryCheck(), Release() with { Repository = new() { Name = "orders" } })).ShouldHaveFailed("'orders' does not exist", "aws ecr create-repository --repository-name orders --image-tag-mutability IMMUTABLE");

    [Test]
    public async Task A_repository_that_deploy_makes() =>
        (await CheckBed.OneAsync(new RepositoryCheck(), Release(new() { CreateRepository = true }) with { Repository = new() { Name = "orders" } })).ShouldBeOk("deploy creates it");

    [Test]
    public async Task A_repository_that_could_not_be_read() => (await CheckBed.OneAsync(new RepositoryCheck(), Release() with { Repository = null })).ShouldNotBeChecked("could not be read");

    private static EcrRepository Mutable => new() { Name = "orders", Uri = "123456789012.dkr.ecr.eu-west-1.amazonaws.com/orders", Description = new() { ["imageTagMutability"] = "MUTABLE" } };
}
