using System.Text.Json.Nodes;
using EcsRelease.Aws.Targets;
using Microsoft.AspNetCore.Http;

namespace EcsRelease.Tests.Aws;

[Parallelizable(ParallelScope.All)]
public sealed class LocalTargetTests
{
    private const string Key = "local-secret-key";

    [Test]
    public async Task A_server_that_runs_is_used_whatever_account_and_profile_the_options_name()
    {
        await using var aws = await FakeAws.StartAsync(context => Answer(context, FakeAws.Json("{}")));
        using var home = new Home(aws.Endpoint);

        var access = await home.Target("/nowhere").ConnectAsync(CancellationToken.None);
        await access.Ecs.DescribeClustersAsync([], CancellationToken.None);

        access.Account.Should().Be("000000000000");
        access.Region.Should().Be("us-east-1");
        aws.Requests.Last().Headers["Authorization"].Should().Contain("Credential=AKIALOCAL/");
    }

    [Test]
    public async Task A_server_that_does_not_run_is_started()
    {
        await using var aws = await FakeAws.StartAsync(context => Answer(context, FakeAws.Json("{}")));
        using var home = new Home();
        var program = home.Program($"""
            test "$1 $2" = "up --json" || exit 9
            cp {home.Stage(aws.Endpoint)} {home.ServerFile}
            cat {home.ServerFile}
            """);

        (await home.Target(program).ConnectAsync(CancellationToken.None)).Account.Should().Be("000000000000");
    }

    [Test]
    public async Task The_state_of_a_server_that_is_gone_does_not_count()
    {
        await using var gone = await FakeAws.StartAsync(context => Answer(context, FakeAws.Json("{}"), pid: 7));
        await using var aws = await FakeAws.StartAsync(context => Answer(context, FakeAws.Json("{}")));
        using var home = new Home(gone.Endpoint);
        var program = home.Program($"cp {home.Stage(aws.Endpoint)} {home.ServerFile}");

        var access = await home.Target(program).ConnectAsync(CancellationToken.None);
        await access.Ecs.DescribeClustersAsync([], CancellationToken.None);

        aws.Requests.Should().HaveCountGreaterThan(1, "another process got the port of the server that is gone");
    }

    [Test]
    public async Task A_child_that_keeps_the_output_open_does_not_hold_up_the_start()
    {
        await using var aws = await FakeAws.StartAsync(context => Answer(context, FakeAws.Json("{}")));
        using var home = new Home();
        var program = home.Program($"""
            cp {home.Stage(aws.Endpoint)} {home.ServerFile}
            sleep 8 &
            """);
        var watch = System.Diagnostics.Stopwatch.StartNew();

        await home.Target(program).ConnectAsync(CancellationToken.None);

        watch.Elapsed.Should().BeLessThan(TimeSpan.FromSeconds(7));
    }

    [Test]
    public async Task A_program_that_fails_is_quoted()
    {
        using var home = new Home();

        var error = await RefusedAsync(home.Target(home.Program("echo 'port range is used up' >&2; exit 3")));

        error.Code.Should().Be("ECSR6002");
        error.Message.Should().Contain("exited with 3: port range is used up").And.Contain(home.Folder);
    }

    [Test]
    public async Task A_program_that_ends_well_but_starts_nothing_is_no_success()
    {
        using var home = new Home();

        (await RefusedAsync(home.Target(home.Program("exit 0")))).Code.Should().Be("ECSR6002");
    }

    [Test]
    public async Task A_program_that_is_not_there_is_named()
    {
        using var home = new Home();

        var error = await RefusedAsync(home.Target("/no/such/program"));

        error.Code.Should().Be("ECSR6001");
        error.Message.Should().Contain("ECS_RELEASE_LOCAL_PROGRAM is '/no/such/program'");
    }

    [Test]
    public async Task A_server_on_another_machine_is_never_talked_to()
    {
        using var home = new Home(new Uri("http://192.0.2.1:80"));

        (await RefusedAsync(home.Target("/no/such/program"))).Code.Should().Be("ECSR6001");
    }

    [Test]
    public async Task Secrets_come_from_the_user_secrets_of_the_project()
    {
        await using var aws = await FakeAws.StartAsync(context => Answer(context, FakeAws.Json("{}")));
        using var home = new Home(aws.Endpoint);
        home.UserSecrets("""{ /* mine */ "DB_PASSWORD": "hunter2", "ConnectionStrings": { "Main": "Host=db" }, }""");

        await home.Target("/nowhere").ProvideSecretsAsync(
            [new("DB_PASSWORD", "arn:aws:ssm:a"), new("ConnectionStrings__Main", "arn:aws:ssm:b")], Home.Project, CancellationToken.None);

        var request = aws.Requests.Last();
        request.Path.Should().Be("/_local/secrets");
        request.Headers["Authorization"].Should().Be($"Bearer {Key}");
        JsonNode.Parse(request.Body)!.ToJsonString().Should().Be("""{"values":{"arn:aws:ssm:a":"hunter2","arn:aws:ssm:b":"Host=db"}}""");
    }

    [Test]
    public async Task A_secret_without_value_names_the_command_that_sets_it()
    {
        using var home = new Home();

        var provide = () => home.Target("/nowhere").ProvideSecretsAsync([new("DB_PASSWORD", "arn")], Home.Project, CancellationToken.None);

        (await provide.Should().ThrowAsync<EcsReleaseException>()).Which.Message.Should().Contain($"dotnet user-secrets set DB_PASSWORD VALUE --project {Home.Project.ProjectFile}");
    }

    [Test]
    public async Task User_secrets_that_are_no_JSON_are_named_without_being_quoted()
    {
        using var home = new Home();
        home.UserSecrets("{\n\"A\": hunter2 }");

        var provide = () => home.Target("/nowhere").ProvideSecretsAsync([new("A", "arn")], Home.Project, CancellationToken.None);

        var error = (await provide.Should().ThrowAsync<EcsReleaseException>()).Which;
        error.Code.Should().Be("ECSR6006");
        error.ToString().Should().Contain("secrets.json").And.Contain("line 2").And.NotContain("hunter");
    }

    [Test]
    public async Task The_address_of_a_service_is_asked_for_by_its_names()
    {
        await using var aws = await FakeAws.StartAsync(context => Answer(context, FakeAws.Json("""{"address":"http://127.0.0.1:5005"}""")));
        using var home = new Home(aws.Endpoint);

        var endpoints = await home.Target("/nowhere").EndpointsAsync("arn:aws:ecs:us-east-1:000000000000:cluster/default", "orders", CancellationToken.None);

        endpoints.Should().Equal("http://127.0.0.1:5005");
        aws.Requests.Last().Path.Should().Be("/_local/services/default/orders");
    }

    [Test]
    public async Task A_service_without_port_has_no_address()
    {
        await using var aws = await FakeAws.StartAsync(context => Answer(context, FakeAws.Json("{}", 404)));
        using var home = new Home(aws.Endpoint);

        (await home.Target("/nowhere").EndpointsAsync("default", "orders", CancellationToken.None)).Should().BeEmpty();
    }

    private static Task Answer(HttpContext context, Func<HttpContext, Task> other, int pid = 4711) =>
        context.Request.Path == "/_local/health" ? FakeAws.Json($$"""{"pid":{{pid}}}""")(context) : other(context);

    private static async Task<EcsReleaseException> RefusedAsync(LocalTarget target)
    {
        var connect = () => target.ConnectAsync(CancellationToken.None);
        return (await connect.Should().ThrowAsync<EcsReleaseException>()).Which;
    }

    /// <summary>ECS_RELEASE_HOME and HOME of one test.</summary>
    private sealed class Home : IDisposable
    {
        public Home(Uri? endpoint = null)
        {
            Directory.CreateDirectory(Path.Combine(Folder, "local"));
            if (endpoint is not null)
                File.Copy(Stage(endpoint), ServerFile);
        }

        public static ProjectInfo Project { get; } = new() { ProjectFile = "/src/Orders/Orders.csproj", AssemblyName = "Orders", UserSecretsId = "orders-1" };

        public string Folder { get; } = Directory.CreateTempSubdirectory("ecs-release-home-").FullName;

        public string ServerFile => Path.Combine(Folder, "local", "server.json");

        public LocalTarget Target(string program)
        {
            string? Environment(string name) => name switch
            {
                "ECS_RELEASE_HOME" or "HOME" => Folder,
                "ECS_RELEASE_LOCAL_PROGRAM" => program,
                _ => null,
            };
            return new LocalTarget(new LocalAwsProgram(Environment, Folder, Folder), TimeProvider.System, reporter: null, Environment);
        }

        /// <returns>A state file to be put in place by a program.</returns>
        public string Stage(Uri endpoint)
        {
            var file = Path.Combine(Folder, "staged.json");
            File.WriteAllText(file, $$"""
                {"schema":1,"endpoint":"{{endpoint.AbsoluteUri.TrimEnd('/')}}","region":"us-east-1","account":"000000000000","accessKeyId":"AKIALOCAL","secretAccessKey":"{{Key}}","pid":4711,"version":"0.1.0"}
                """);
            return file;
        }

        public string Program(string script)
        {
            if (OperatingSystem.IsWindows())
                Assert.Ignore("the program of this test is a shell script");
            var file = Path.Combine(Folder, "ecs-release-local");
            File.WriteAllText(file, $"#!/bin/sh\n{script}\n");
            if (!OperatingSystem.IsWindows())
                File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
            return file;
        }

        public void UserSecrets(string json)
        {
            var folder = Directory.CreateDirectory(Path.Combine(Folder, ".microsoft", "usersecrets", Project.UserSecretsId));
            File.WriteAllText(Path.Combine(folder.FullName, "secrets.json"), json);
        }

        public void Dispose() => Directory.Delete(Folder, recursive: true);
    }
}
