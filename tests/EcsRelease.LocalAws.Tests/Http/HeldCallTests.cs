using System.Net;
using System.Text.Json.Nodes;
using EcsRelease.LocalAws.Tests.Support;

namespace EcsRelease.LocalAws.Tests.Http;

[Parallelizable(ParallelScope.All)]
public class HeldCallTests
{
    [Test]
    public async Task A_call_that_is_held_before_it_is_done_is_done_when_it_is_let_go()
    {
        await using var aws = await LocalAwsFixture.StartAsync();
        await SetAsync(aws, "ecr", "CreateRepository", "holdBefore");

        var call = aws.CreateRepositoryAsync("orders");
        await Eventually.TrueAsync(() => IsHeld(aws, "CreateRepository"));
        (await RepositoriesAsync(aws)).Should().Be(0);
        (await aws.AdminAsync(HttpMethod.Delete, "/_local/held")).Dispose();

        await call;
        (await RepositoriesAsync(aws)).Should().Be(1);
        IsHeld(aws, "CreateRepository").Should().BeFalse();
    }

    [Test]
    public async Task One_whose_caller_hangs_up_first_is_never_done()
    {
        await using var aws = await LocalAwsFixture.StartAsync();
        await SetAsync(aws, "ecr", "CreateRepository", "holdBefore");

        await HangUpAsync(aws);

        (await RepositoriesAsync(aws)).Should().Be(0);
    }

    [Test]
    public async Task One_that_is_held_after_it_is_done_stays_done_when_its_caller_hangs_up()
    {
        await using var aws = await LocalAwsFixture.StartAsync();
        await SetAsync(aws, "ecr", "CreateRepository", "holdAfter");

        await HangUpAsync(aws);

        (await RepositoriesAsync(aws)).Should().Be(1);
    }

    [Test]
    public async Task A_manifest_whose_answer_is_held_is_there_and_is_answered_later()
    {
        await using var aws = await LocalAwsFixture.StartAsync();
        await aws.CreateRepositoryAsync("orders");
        var registry = await RegistryClient.LogInAsync(aws);
        var manifest = await registry.PushImageBlobsAsync("orders", "one");
        await SetAsync(aws, "registry", "PUT manifests", "holdAfter");

        var put = registry.PutManifestAsync("orders", "one", manifest);
        await Eventually.TrueAsync(() => IsHeld(aws, "PUT manifests"));
        using var there = await registry.SendAsync(HttpMethod.Get, "/v2/orders/manifests/one");
        (await aws.AdminAsync(HttpMethod.Delete, "/_local/held")).Dispose();

        there.StatusCode.Should().Be(HttpStatusCode.OK);
        using var answer = await put;
        answer.StatusCode.Should().Be(HttpStatusCode.Created);
        answer.Headers.GetValues("Docker-Content-Digest").Should().Equal(RegistryClient.Digest(manifest));
    }

    [Test]
    public async Task The_calls_before_a_fault_go_well_and_all_are_told_in_their_order()
    {
        await using var aws = await LocalAwsFixture.StartAsync();
        await SetAsync(aws, "ecr", "DescribeRepositories", "throttle", after: 1);

        var statuses = new List<HttpStatusCode>();
        for (var call = 0; call < 3; call++)
            statuses.Add((await aws.SendAsync("ecr", "DescribeRepositories", [])).Status);
        await aws.CreateRepositoryAsync("orders");

        statuses.Should().Equal(HttpStatusCode.OK, HttpStatusCode.BadRequest, HttpStatusCode.OK);
        (await ListAsync(aws, "calls")).Should().Equal("DescribeRepositories", "DescribeRepositories", "DescribeRepositories", "CreateRepository");
    }

    [TestCase("""{"service":"ecs","operation":"UpdateService","fault":"throttle","after":-1}""")]
    [TestCase("""{"service":"ecs","operation":"placement","fault":"noCapacity","after":1}""")]
    public async Task A_number_of_calls_before_it_that_makes_no_sense_is_refused(string fault)
    {
        await using var aws = await LocalAwsFixture.StartAsync();

        using var answer = await aws.AdminAsync(HttpMethod.Post, "/_local/faults", fault);

        answer.StatusCode.Should().Be(HttpStatusCode.BadRequest);
    }

    private static async Task HangUpAsync(LocalAwsFixture aws)
    {
        using var caller = new HttpClient(new SocketsHttpHandler { UseProxy = false });
        var body = """{"repositoryName":"orders"}"""u8.ToArray();
        using var request = aws.JsonRequest("AmazonEC2ContainerRegistry_V20150921.CreateRepository", body);
        aws.Signer("ecr").Sign(request, body);
        using var patience = new CancellationTokenSource();
        var call = caller.SendAsync(request, patience.Token);
        await Eventually.TrueAsync(() => IsHeld(aws, "CreateRepository"));

        await patience.CancelAsync();

        await FluentActions.Awaiting(() => call).Should().ThrowAsync<OperationCanceledException>();
        await Eventually.TrueAsync(() => !IsHeld(aws, "CreateRepository"));
    }

    private static bool IsHeld(LocalAwsFixture aws, string operation) => ListAsync(aws, "held").Result.Contains(operation);

    private static async Task<IReadOnlyList<string>> ListAsync(LocalAwsFixture aws, string what)
    {
        using var answer = await aws.AdminAsync(HttpMethod.Get, $"/_local/{what}");
        return [.. JsonNode.Parse(await answer.Content.ReadAsStringAsync())![what]!.AsArray().Select(each => each!["operation"]!.GetValue<string>())];
    }

    private static async Task<int> RepositoriesAsync(LocalAwsFixture aws) =>
        (await aws.CallAsync("ecr", "DescribeRepositories", []))["repositories"]!.AsArray().Count;

    private static async Task SetAsync(LocalAwsFixture aws, string service, string operation, string fault, int after = 0)
    {
        using var answer = await aws.AdminAsync(HttpMethod.Post, "/_local/faults", new JsonObject { ["service"] = service, ["operation"] = operation, ["fault"] = fault, ["after"] = after }.ToJsonString());
        answer.StatusCode.Should().Be(HttpStatusCode.OK, await answer.Content.ReadAsStringAsync());
    }
}
