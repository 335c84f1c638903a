using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using EcsRelease.Aws.Targets;
using EcsRelease.Tests.Aws;
using EcsRelease.Tests.Git;
using EcsRelease.Tests.Tool;
using EcsRelease.Verbs;
using Microsoft.AspNetCore.Http;

namespace EcsRelease.Tests.Verbs;

/// <summary>Plans of the real target for AWS, from credentials to the last read, against a server that answers each
/// operation as it is told.</summary>
internal sealed class AccountBed : IAsyncDisposable
{
    public const string Account = "111122223333";
    public const string Region = "eu-central-1";

    private readonly Dictionary<string, string> answers = new()
    {
        ["DescribeServices"] = Service(""),
        ["DescribeRepositories"] = Repository(Account, Region, "IMMUTABLE"),
        ["BatchGetImage"] = """{"images":[],"failures":[]}""",
        ["DescribeLogGroups"] = """{"logGroups":[{"logGroupName":"/ecs/orders"}]}""",
    };

    private readonly ConcurrentQueue<(string Operation, string Key, string Region, JsonNode? Body)> calls = new();
    private FakeAws aws = null!;

    public TemporaryRepository Project { get; } = TemporaryRepository.WithCommit();

    public string this[string operation]
    {
        set => answers[operation] = value;
    }

    /// <summary>Operation, access key, signing region, body.</summary>
    public IEnumerable<(string Operation, string Key, string Region, JsonNode? Body)> Calls => calls;

    public static async Task<AccountBed> StartAsync()
    {
        var bed = new AccountBed();
        bed.aws = await FakeAws.StartAsync(bed.AnswerAsync);
        bed["DescribeTaskDefinition"] = Revision($"{Account}.dkr.ecr.{Region}.amazonaws.com/orders:{bed.Project.Git("rev-parse", "HEAD")}");
        bed.Project.Commit("next");
        return bed;
    }

    public async Task<ReleasePlan> PlanAsync(ReleaseOptions options)
    {
        var project = new ProjectInfo { ProjectFile = Path.Combine(Project.Root, "Orders.csproj"), AssemblyName = "Orders" };
        var variables = new Dictionary<string, string>
        {
            ["AWS_ACCESS_KEY_ID"] = "AKIDBASE", ["AWS_SECRET_ACCESS_KEY"] = "secret", ["AWS_REGION"] = Region, ["AWS_ENDPOINT_URL"] = aws.Endpoint.AbsoluteUri,
        };
        var target = new AwsTarget(options, TimeProvider.System, variables.GetValueOrDefault);
        var plan = await new Release(options, project, new RecordingReporter(), TimeProvider.System, target, new StateFolder(Project.Root)).PlanAsync(CancellationToken.None);
        plan.Access.Dispose();
        return plan;
    }

    public async Task<EcsReleaseException> RefusedAsync(ReleaseOptions options) =>
        (await FluentActions.Awaiting(() => PlanAsync(options)).Should().ThrowAsync<EcsReleaseException>()).Which;

    /// <param name="members">More members of the service, with a comma before.</param>
    public static string Service(string members, string state = "COMPLETED") => $$"""
        {"services":[{"serviceName":"orders","serviceArn":"arn:aws:ecs:{{Region}}:{{Account}}:service/production/orders","status":"ACTIVE","desiredCount":2,"runningCount":2,
          "deploymentConfiguration":{"minimumHealthyPercent":100,"maximumPercent":200,"deploymentCircuitBreaker":{"enable":true,"rollback":true} },
          "deployments":[{"id":"ecs-svc/6","status":"PRIMARY","taskDefinition":"arn:aws:ecs:{{Region}}:{{Account}}:task-definition/orders:6","rolloutState":"{{state}}"}]{{members}}}]}
        """;

    public static string Revision(string image) => $$"""
        {"taskDefinition":{"family":"orders","revision":6,"status":"ACTIVE","networkMode":"awsvpc","cpu":"256","memory":"512",
          "containerDefinitions":[{"name":"orders","essential":true,"image":"{{image}}",
            "logConfiguration":{"logDriver":"awslogs","options":{"awslogs-group":"/ecs/orders","awslogs-region":"{{Region}}","awslogs-stream-prefix":"orders"} } }]},
         "tags":[]}
        """;

    public static string Repository(string account, string region, string mutability, string filters = "") => $$"""
        {"repositories":[{"repositoryName":"orders","registryId":"{{account}}","repositoryUri":"{{account}}.dkr.ecr.{{region}}.amazonaws.com/orders","imageTagMutability":"{{mutability}}"{{filters}}}]}
        """;

    public async ValueTask DisposeAsync()
    {
        await aws.DisposeAsync();
        Project.Dispose();
    }

    private Task AnswerAsync(HttpContext context)
    {
        var request = aws.Requests.Last(seen => seen.Headers["Authorization"] == context.Request.Headers.Authorization);
        var credential = request.Headers["Authorization"].Split("Credential=")[1].Split('/');
        var operation = request.Headers.TryGetValue("X-Amz-Target", out var target) ? target.Split('.')[1]
            : request.Body.Contains("Action=AssumeRole", StringComparison.Ordinal) ? "AssumeRole" : "GetCallerIdentity";
        calls.Enqueue((operation, credential[0], credential[2], request.Body.StartsWith('{') ? JsonNode.Parse(request.Body) : null));
        return operation switch
        {
            "AssumeRole" => AwsTargetTests.Assumed(request.Body.Contains("ecr", StringComparison.Ordinal) ? "ASIAECR" : "ASIAECS")(context),
            "GetCallerIdentity" => AwsTargetTests.Identity(Account)(context),
            _ when answers.TryGetValue(operation, out var answer) && answer.StartsWith('{') => FakeAws.Json(answer)(context),
            _ when answers.TryGetValue(operation, out var error) => FakeAws.Error(error, "refused")(context),
            // What came before the live revision is asked for where nothing says that a release made it.
            "ListTaskDefinitions" => FakeAws.Json("""{"taskDefinitionArns":[]}""")(context),
            _ => FakeAws.Error("UnknownOperationException", operation)(context),
        };
    }
}
