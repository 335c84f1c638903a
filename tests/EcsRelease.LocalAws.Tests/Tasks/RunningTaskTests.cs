using System.Collections.Concurrent;
using System.Net;
using System.Text.Json.Nodes;
using EcsRelease.LocalAws.Tests.Support;

namespace EcsRelease.LocalAws.Tests.Tasks;

/// <summary>A real app from a real image, run by the runtime `process`, asked at its service's address.</summary>
[TestFixture]
public sealed class RunningTaskTests
{
    private LocalAwsFixture _aws = null!;

    [SetUp]
    public async Task Start()
    {
        _aws = await LocalAwsFixture.StartAsync(runtime: "process");
        await TestImage.PushAppAsync(_aws);
    }

    [TearDown]
    public async Task Stop() => await _aws.DisposeAsync();

    [Test]
    public async Task A_service_answers_at_its_address_with_environment_secret_and_log()
    {
        using var stored = await _aws.AdminAsync(HttpMethod.Post, "/_local/secrets", """{"values":{"arn:aws:secretsmanager:us-east-1:000000000000:secret:s":"open sesame"}}""");
        await RegisterAsync("one", """
            "secrets":[{"name":"SECRET","valueFrom":"arn:aws:secretsmanager:us-east-1:000000000000:secret:s"}],
            "logConfiguration":{"logDriver":"awslogs","options":{"awslogs-region":"us-east-1","awslogs-group":"/ecs/app","awslogs-stream-prefix":"p","awslogs-create-group":"true"}}
            """);
        await CreateServiceAsync();

        var address = await AddressAsync();
        (await _aws.Http.GetStringAsync(address)).Should().Be("one");
        (await _aws.Http.GetStringAsync(new Uri(address, "/secret"))).Should().Be("open sesame");
        var task = (await TasksAsync("RUNNING")).Single();
        var container = task["containers"]![0]!;
        container["networkBindings"]![0]!["containerPort"]!.GetValue<int>().Should().Be(8080);
        container["imageDigest"]!.ToString().Should().StartWith("sha256:");
        task.ToJsonString().Should().NotContain("open sesame");
        var stream = $"p/app/{task["taskArn"]!.ToString().Split('/')[^1]}";
        var log = await _aws.CallAsync("logs", "GetLogEvents", new JsonObject { ["logGroupName"] = "/ecs/app", ["logStreamName"] = stream });
        log["events"]!.AsArray().Select(line => line!["message"]!.ToString()).Should().Contain("listening");
    }

    [Test]
    public async Task No_request_fails_while_the_tasks_are_replaced()
    {
        await RegisterAsync("one");
        await CreateServiceAsync(desired: 2);
        var address = await AddressAsync();
        using var stop = new CancellationTokenSource();
        var answers = new ConcurrentDictionary<string, int>();
        var load = Enumerable.Range(0, 4).Select(client => Task.Run(() => AskAsync(client % 2 == 0 ? address : new Uri(address, "/slow"), answers, stop.Token))).ToList();

        await RegisterAsync("two");
        await _aws.CallAsync("ecs", "UpdateService", new JsonObject { ["service"] = "app", ["taskDefinition"] = "app" });
        await SteadyAsync();
        await Eventually.TrueAsync(() => answers.ContainsKey("two"));
        await stop.CancelAsync();
        await Task.WhenAll(load);

        answers.Keys.Should().BeEquivalentTo("one", "two", "slow");
        (await AddressAsync()).Should().Be(address);
    }

    [Test]
    public async Task After_a_restart_the_service_runs_again_at_the_same_address()
    {
        await RegisterAsync("one");
        await CreateServiceAsync();
        var address = await AddressAsync();
        var before = (await TasksAsync("RUNNING")).Single()["taskArn"]!.ToString();
        await _aws.RestartAsync();

        await SteadyAsync();
        (await AddressAsync()).Should().Be(address);
        (await _aws.Http.GetStringAsync(address)).Should().Be("one");
        var old = (await TasksAsync("STOPPED")).Single(task => task["taskArn"]!.ToString() == before);
        (old["lastStatus"]!.ToString(), old["stopCode"]!.ToString()).Should().Be(("STOPPED", "TerminationNotice"));
    }

    [Test]
    public async Task A_task_that_ends_shows_its_exit_code()
    {
        await RegisterAsync("one", """ "environment":[{"name":"EXIT","value":"7"}] """);
        var task = await RunAsync();

        (task["stopCode"]!.ToString(), task["stoppedReason"]!.ToString()).Should().Be(("EssentialContainerExited", "Essential container in task exited"));
        task["containers"]![0]!["exitCode"]!.GetValue<int>().Should().Be(7);
        var moments = new[] { "createdAt", "pullStartedAt", "pullStoppedAt", "startedAt", "stoppingAt", "executionStoppedAt", "stoppedAt" };
        moments.Select(moment => task[moment]!.GetValue<double>()).Should().BeInAscendingOrder();
    }

    [TestCase(""" "secrets":[{"name":"S","valueFrom":"arn:aws:secretsmanager:us-east-1:000000000000:secret:nobody"}] """, "ResourceInitializationError: unable to pull secrets or registry auth")]
    [TestCase(""" "logConfiguration":{"logDriver":"awslogs","options":{"awslogs-region":"us-east-1","awslogs-group":"nobody","awslogs-stream-prefix":"p"}} """, "ResourceInitializationError: failed to validate logger args: create stream has been retried 1 times: failed to create Cloudwatch log stream")]
    [TestCase(""" "image":"127.0.0.1:1/app:nobody" """, "CannotPullContainerError: ")]
    [TestCase(""" "entryPoint":["/app/nobody"] """, "CannotStartContainerError: exec: \"/app/nobody\"")]
    public async Task A_task_that_cannot_start_says_why(string more, string reason)
    {
        await RegisterAsync("one", more);
        var task = await RunAsync();

        task["stopCode"]!.ToString().Should().Be("TaskFailedToStart");
        task["stoppedReason"]!.ToString().Should().StartWith(reason);
        task["containers"]![0]!.AsObject().ContainsKey("exitCode").Should().BeFalse();
    }

    private async Task AskAsync(Uri address, ConcurrentDictionary<string, int> answers, CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            using var answer = await _aws.Http.GetAsync(address, CancellationToken.None);
            var text = answer.StatusCode == HttpStatusCode.OK ? await answer.Content.ReadAsStringAsync(CancellationToken.None) : $"failed with {answer.StatusCode}";
            answers.AddOrUpdate(text, 1, (_, count) => count + 1);
        }
    }

    private Task<JsonObject> RegisterAsync(string version, string more = "")
    {
        var container = JsonNode.Parse($$"""
            {"name":"app","image":"{{_aws.Host}}/app:one","memory":128,"portMappings":[{"containerPort":8080}],"environment":[{"name":"VERSION","value":"{{version}}"}]}
            """)!.AsObject();
        foreach (var (name, value) in JsonNode.Parse($"{{{more}}}")!.AsObject())
            container[name] = value!.DeepClone();
        return _aws.CallAsync("ecs", "RegisterTaskDefinition", new JsonObject { ["family"] = "app", ["executionRoleArn"] = "arn:aws:iam::000000000000:role/r", ["containerDefinitions"] = new JsonArray(container) });
    }

    private async Task CreateServiceAsync(int desired = 1)
    {
        await _aws.CallAsync("ecs", "CreateService", new JsonObject { ["serviceName"] = "app", ["taskDefinition"] = "app", ["desiredCount"] = desired });
        await SteadyAsync();
    }

    private async Task SteadyAsync()
    {
        for (var attempt = 0; attempt < 300; attempt++)
        {
            var service = (await _aws.CallAsync("ecs", "DescribeServices", new JsonObject { ["services"] = new JsonArray("app") }))["services"]![0]!;
            if (service["deployments"]!.AsArray().Count == 1 && service["deployments"]![0]!["rolloutState"]!.ToString() == "COMPLETED"
                && service["events"]![0]!["message"]!.ToString().EndsWith("steady state.", StringComparison.Ordinal)
                && service["runningCount"]!.GetValue<int>() == service["desiredCount"]!.GetValue<int>())
                return;
            await Task.Delay(100);
        }
        Assert.Fail("The service reached no steady state within 30 s.");
    }

    private async Task<JsonObject> RunAsync()
    {
        await _aws.CallAsync("ecs", "RunTask", new JsonObject { ["taskDefinition"] = "app" });
        for (var attempt = 0; attempt < 300; attempt++)
        {
            if ((await TasksAsync("STOPPED")).SingleOrDefault(task => task["lastStatus"]!.ToString() == "STOPPED") is { } task)
                return task;
            await Task.Delay(100);
        }
        throw new TimeoutException("The task did not stop within 30 s.");
    }

    private async Task<IReadOnlyList<JsonObject>> TasksAsync(string desired)
    {
        var arns = (await _aws.CallAsync("ecs", "ListTasks", new JsonObject { ["desiredStatus"] = desired }))["taskArns"]!.AsArray();
        return arns.Count == 0 ? [] : [.. (await _aws.CallAsync("ecs", "DescribeTasks", new JsonObject { ["tasks"] = arns.DeepClone() }))["tasks"]!.AsArray().Select(task => task!.AsObject())];
    }

    private async Task<Uri> AddressAsync()
    {
        var found = JsonNode.Parse(await _aws.Http.GetStringAsync(new Uri(_aws.Endpoint, "/_local/services/default/app")))!;
        var address = new Uri(found["address"]!.ToString());
        for (var attempt = 0; attempt < 100; attempt++)
        {
            using var answer = await _aws.Http.GetAsync(address);
            if (answer.IsSuccessStatusCode)
                return address;
            await Task.Delay(50);
        }
        throw new TimeoutException($"{address} did not answer within 5 s.");
    }
}
