using EcsRelease.Aws.Targets;

namespace EcsRelease.Tests.Aws;

/// <summary>Profiles are read by the SDK, from files whose place it takes from the process's environment once.</summary>
[NonParallelizable]
public sealed class ProfileTests
{
    [TearDown]
    public void Empty_the_files()
    {
        File.WriteAllText(AwsFiles.Config, "");
        File.WriteAllText(AwsFiles.Credentials, "");
    }

    [Test]
    public async Task A_profile_gives_keys_region_and_endpoint()
    {
        await using var aws = await FakeAws.StartAsync(AwsTargetTests.Identity("111122223333"), FakeAws.Json("{}"));
        File.WriteAllText(AwsFiles.Credentials, "[stage]\naws_access_key_id = AKIDSTAGE\naws_secret_access_key = secret\n");
        File.WriteAllText(AwsFiles.Config, $"[profile stage]\nregion = eu-north-1\nendpoint_url = {aws.Endpoint}\n");

        var access = await ConnectAsync("stage");
        await access.Ecs.DescribeClustersAsync([], CancellationToken.None);

        access.Region.Should().Be("eu-north-1");
        aws.Requests.Should().HaveCount(2).And.OnlyContain(request => request.Headers["Authorization"].Contains("Credential=AKIDSTAGE/"));
    }

    [Test]
    public async Task A_services_section_sets_the_endpoint_of_one_service()
    {
        await using var sts = await FakeAws.StartAsync(AwsTargetTests.Identity("111122223333"));
        await using var ecs = await FakeAws.StartAsync(FakeAws.Json("{}"));
        File.WriteAllText(AwsFiles.Credentials, "[stage]\naws_access_key_id = AKIDSTAGE\naws_secret_access_key = secret\n");
        File.WriteAllText(AwsFiles.Config, $"[profile stage]\nregion = eu-north-1\nservices = here\n[services here]\nsts =\n  endpoint_url = {sts.Endpoint}\necs =\n  endpoint_url = {ecs.Endpoint}\n");

        var access = await ConnectAsync("stage");
        await access.Ecs.DescribeClustersAsync([], CancellationToken.None);

        ecs.Requests.Should().ContainSingle();
    }

    [Test]
    public async Task The_profile_for_the_repository_is_used_for_it_alone_and_in_its_region()
    {
        await using var aws = await FakeAws.StartAsync(AwsTargetTests.Identity("111122223333"), FakeAws.Json("{}"), FakeAws.Json("{}"));
        File.WriteAllText(AwsFiles.Credentials, "[stage]\naws_access_key_id = AKIDSTAGE\naws_secret_access_key = secret\n[images]\naws_access_key_id = AKIDIMAGES\naws_secret_access_key = secret\n");
        File.WriteAllText(AwsFiles.Config, $"[profile stage]\nregion = eu-north-1\nendpoint_url = {aws.Endpoint}\n[profile images]\nregion = eu-west-3\nendpoint_url = {aws.Endpoint}\n");

        var access = await ConnectAsync(new ReleaseOptions { Profile = "stage", EcrProfile = "images", Repository = "444455556666.dkr.ecr.us-west-2.amazonaws.com/orders" });
        await access.Ecs.DescribeClustersAsync([], CancellationToken.None);
        await access.Ecr.DescribeRepositoriesAsync([], CancellationToken.None);

        aws.Requests.Select(request => request.Headers["Authorization"].Split("Credential=")[1]).Should().SatisfyRespectively(
            sts => sts.Should().StartWith("AKIDSTAGE/"),
            ecs => ecs.Should().StartWith("AKIDSTAGE/").And.Contain("/eu-north-1/ecs/"),
            ecr => ecr.Should().StartWith("AKIDIMAGES/").And.Contain("/us-west-2/ecr/"));
    }

    [Test]
    public async Task A_profile_that_does_not_exist_is_refused_with_those_that_do()
    {
        File.WriteAllText(AwsFiles.Credentials, "[stage]\naws_access_key_id = AKIDSTAGE\naws_secret_access_key = secret\n");

        var error = await RefusedAsync("production");

        error.Code.Should().Be("ECSR4017");
        error.Message.Should().Contain("'production'").And.Contain("'stage'");
    }

    [Test]
    public async Task A_profile_of_another_kind_is_refused_by_name()
    {
        File.WriteAllText(AwsFiles.Config, "[profile half]\nregion = eu-north-1\nsource_profile = nowhere\n");

        var error = await RefusedAsync("half");

        error.Code.Should().Be("ECSR4013");
        error.Message.Should().Contain("'half'");
    }

    [Test]
    public async Task A_sign_in_that_ran_out_says_how_to_sign_in()
    {
        File.WriteAllText(AwsFiles.Config, "[profile sso]\nregion = eu-north-1\nsso_start_url = https://example.awsapps.com/start\nsso_region = eu-north-1\nsso_account_id = 111122223333\nsso_role_name = deploy\n");

        var error = await RefusedAsync("sso");

        error.Code.Should().Be("ECSR4002");
        error.Message.Should().Contain("aws sso login");
    }

    [Test]
    public async Task A_process_that_fails_says_why()
    {
        File.WriteAllText(AwsFiles.Config, "[profile process]\nregion = eu-north-1\ncredential_process = false\n");

        (await RefusedAsync("process")).Code.Should().Be("ECSR4001");
    }

    private static Task<AwsAccess> ConnectAsync(string profile) => ConnectAsync(new ReleaseOptions { Profile = profile });

    private static Task<AwsAccess> ConnectAsync(ReleaseOptions options) =>
        new AwsTarget(options, TimeProvider.System, name => name == "AWS_SHARED_CREDENTIALS_FILE" ? AwsFiles.Credentials : null).ConnectAsync(CancellationToken.None);

    private static async Task<EcsReleaseException> RefusedAsync(string profile)
    {
        var connect = () => ConnectAsync(profile);
        return (await connect.Should().ThrowAsync<EcsReleaseException>()).Which;
    }
}
