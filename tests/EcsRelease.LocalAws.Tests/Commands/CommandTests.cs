using System.Diagnostics;
using System.Text;
using System.Text.Json.Nodes;
using EcsRelease.LocalAws.Tasks;
using EcsRelease.LocalAws.Tests.Support;

namespace EcsRelease.LocalAws.Tests.Commands;

[Parallelizable(ParallelScope.All)]
public class CommandTests
{
    [Test]
    public async Task Up_starts_a_server_that_outlives_it_and_down_ends_it()
    {
        await using var tool = new LocalTool();

        var first = await tool.UpAsync();
        var again = await tool.UpAsync();
        var status = await tool.RunAsync("status", "--json");
        var down = await tool.RunAsync("down");
        var after = await tool.RunAsync("status");

        first.Select(member => member.Key).Should().Equal("schema", "endpoint", "region", "account", "accessKeyId", "secretAccessKey", "pid", "version");
        again.ToJsonString().Should().Be(first.ToJsonString());
        status.ExitCode.Should().Be(0);
        status.Output.Should().Contain("\"running\":true").And.NotContain(first["secretAccessKey"]!.GetValue<string>());
        down.Output.Should().StartWith("The local AWS has ended");
        after.ExitCode.Should().Be(3);
        File.Exists(Path.Combine(tool.Folder, "server.json")).Should().BeFalse();
    }

    [Test]
    public async Task Several_ups_at_once_end_in_one_server()
    {
        await using var tool = new LocalTool();

        var servers = await Task.WhenAll(tool.UpAsync(), tool.UpAsync(), tool.UpAsync());

        servers.Select(server => server["pid"]!.GetValue<int>()).Distinct().Should().HaveCount(1);
    }

    [Test]
    public async Task The_state_is_private_to_its_owner()
    {
        if (OperatingSystem.IsWindows())
        {
            Assert.Ignore("Windows has no file modes; the folder lies in the user's profile.");
            return;
        }

        await using var tool = new LocalTool();

        await tool.UpAsync();

        string[] folders = [tool.Folder, .. Directory.EnumerateDirectories(tool.Folder)];
        folders.Select(Path.GetFileName).Should().BeEquivalentTo("local", "blobs", "uploads", "roots", "tasks", "processes");
        foreach (var folder in folders)
            File.GetUnixFileMode(folder).Should().Be(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, folder);
        foreach (var file in Directory.EnumerateFiles(tool.Folder))
            File.GetUnixFileMode(file).Should().Be(UnixFileMode.UserRead | UnixFileMode.UserWrite, file);
    }

    [Test]
    public void The_note_of_a_tasks_process_is_private_to_its_owner()
    {
        if (OperatingSystem.IsWindows())
        {
            Assert.Ignore("Windows has no file modes; the folder lies in the user's profile.");
            return;
        }

        using var folder = new TemporaryFolder();
        using var process = Process.GetCurrentProcess();

        new StartedProcesses(new LocalAwsSettings { Folder = folder.Path }).Note(process);

        var note = Directory.EnumerateFiles(folder.In("processes")).Should().ContainSingle().Subject;
        File.GetUnixFileMode(note).Should().Be(UnixFileMode.UserRead | UnixFileMode.UserWrite);
    }

    [Test]
    public async Task What_was_acknowledged_is_there_after_kill_9()
    {
        await using var tool = new LocalTool();
        var server = await tool.UpAsync();
        using var http = new HttpClient();
        var acknowledged = new List<string>();
        for (var number = 0; number < 50; number++)
        {
            var body = Encoding.UTF8.GetBytes($$"""{"repositoryName":"r{{number}}"}""");
            using var request = SignedRequest(server, "CreateRepository", body);
            using var answer = await http.SendAsync(request);
            answer.EnsureSuccessStatusCode();
            acknowledged.Add($"r{number}");
        }

        using (var process = Process.GetProcessById(server["pid"]!.GetValue<int>()))
        {
            process.Kill();
            await process.WaitForExitAsync();
        }

        var restarted = await tool.UpAsync();
        using var list = SignedRequest(restarted, "DescribeRepositories", "{}"u8.ToArray());
        using var listed = await http.SendAsync(list);
        var names = JsonNode.Parse(await listed.Content.ReadAsStringAsync())!["repositories"]!.AsArray().Select(one => one!["repositoryName"]!.GetValue<string>());
        names.Should().BeEquivalentTo(acknowledged);
        restarted["accessKeyId"]!.GetValue<string>().Should().Be(server["accessKeyId"]!.GetValue<string>());
        restarted["pid"]!.GetValue<int>().Should().NotBe(server["pid"]!.GetValue<int>());
    }

    [Test]
    public async Task An_idle_server_ends_by_itself_and_keeps_its_data()
    {
        await using var tool = new LocalTool();
        tool.Environment["ECS_RELEASE_LOCAL_IDLE"] = "3s";
        var first = await tool.UpAsync();

        await Eventually.TrueAsync(() => !File.Exists(Path.Combine(tool.Folder, "server.json")));
        tool.Environment.Clear();
        var second = await tool.UpAsync();

        second["secretAccessKey"]!.GetValue<string>().Should().Be(first["secretAccessKey"]!.GetValue<string>());
    }

    [Test]
    public async Task Reset_deletes_the_data_and_the_keys()
    {
        await using var tool = new LocalTool();
        var before = await tool.UpAsync();

        var reset = await tool.RunAsync("reset");

        reset.ExitCode.Should().Be(0, reset.Error);
        Directory.Exists(tool.Folder).Should().BeFalse();
        (await tool.UpAsync())["accessKeyId"]!.GetValue<string>().Should().NotBe(before["accessKeyId"]!.GetValue<string>());
    }

    [Test]
    public async Task Reset_leaves_a_folder_alone_that_is_not_ours()
    {
        await using var tool = new LocalTool();
        Directory.CreateDirectory(tool.Folder);
        var precious = Path.Combine(tool.Folder, "thesis.txt");
        await File.WriteAllTextAsync(precious, "years of work");

        var reset = await tool.RunAsync("reset");

        reset.ExitCode.Should().Be(1);
        reset.Error.Should().StartWith("ECSR6109: ");
        File.Exists(precious).Should().BeTrue();
        Directory.Delete(tool.Folder, recursive: true);
    }

    [Test]
    public async Task Env_prints_what_the_AWS_tools_read()
    {
        await using var tool = new LocalTool();
        var stopped = await tool.RunAsync("env");
        var server = await tool.UpAsync();

        var sh = await tool.RunAsync("env");
        var powershell = await tool.RunAsync("env", "--shell", "powershell");

        stopped.ExitCode.Should().Be(1);
        stopped.Error.Should().StartWith("ECSR6110: ").And.Contain("`ecs-release local up`");
        sh.Output.Should().Contain($"export AWS_ENDPOINT_URL='{server["endpoint"]}'").And.Contain("export AWS_REGION='us-east-1'").And.Contain("unset AWS_SESSION_TOKEN");
        powershell.Output.Should().Contain($"$env:AWS_ACCESS_KEY_ID = '{server["accessKeyId"]}'");
    }

    [Test]
    public async Task The_command_that_up_and_status_tell_works_as_it_stands()
    {
        if (OperatingSystem.IsWindows())
            Assert.Ignore("The line is for PowerShell there.");
        await using var tool = new LocalTool();
        var up = await tool.RunAsync("up");
        var line = up.Output.Split('\n').Single(text => text.StartsWith("For the AWS CLI", StringComparison.Ordinal));

        var shell = await Command.RunAsync(
            "/bin/sh", ["-c", line[line.IndexOf("eval", StringComparison.Ordinal)..] + "; echo \"$AWS_ENDPOINT_URL\""], new Dictionary<string, string?> { ["ECS_RELEASE_HOME"] = tool.Home });

        up.Output.Should().Contain($"endpoint  {shell.Output.Trim()}");
        tool.Environment["ECS_RELEASE_LOCAL_COMMAND"] = "ecs-release local";
        (await tool.RunAsync("status")).Output.Should().Contain("eval \"$(ecs-release local env)\"");
    }

    [Test]
    public async Task Env_takes_away_what_would_win_over_it_and_keeps_proxies_out()
    {
        await using var tool = new LocalTool();
        await tool.UpAsync();
        tool.Environment["AWS_ENDPOINT_URL_ECS"] = tool.Environment["AWS_ENDPOINT_URL_S3"] = "https://elsewhere.example";
        tool.Environment["NO_PROXY"] = "intranet's.example, localhost";
        tool.Environment["no_proxy"] = "*";

        var sh = (await tool.RunAsync("env")).Output.Split('\n', StringSplitOptions.TrimEntries);
        var powershell = (await tool.RunAsync("env", "--shell", "powershell")).Output.Split('\n', StringSplitOptions.TrimEntries);

        sh.Should().Contain(
            ["unset AWS_ENDPOINT_URL_ECS", "unset AWS_ENDPOINT_URL_ECR", "unset AWS_ENDPOINT_URL_STS", "unset AWS_ENDPOINT_URL_CLOUDWATCH_LOGS",
             "unset AWS_ENDPOINT_URL_S3", "unset AWS_PROFILE", "unset AWS_IGNORE_CONFIGURED_ENDPOINT_URLS"]);
        powershell.Should().Contain(["Remove-Item Env:AWS_ENDPOINT_URL_S3 -ErrorAction Ignore"]);
        if (OperatingSystem.IsWindows())
            return;
        sh.Should().Contain([@"export NO_PROXY='intranet'\''s.example,localhost,127.0.0.1'", "export no_proxy='*'"]);
        powershell.Should().Contain(["$env:NO_PROXY = 'intranet''s.example,localhost,127.0.0.1'"]);
    }

    [Test]
    public async Task A_bad_setting_is_told_by_up()
    {
        await using var tool = new LocalTool();
        tool.Environment["ECS_RELEASE_LOCAL_IDLE"] = "forever";

        var up = await tool.RunAsync("up");

        up.ExitCode.Should().Be(1);
        up.Error.Should().StartWith("ECSR6111: ECS_RELEASE_LOCAL_IDLE is \"forever\"; expected a duration");
    }

    [Test]
    public async Task A_server_that_cannot_start_shows_the_reason()
    {
        await using var tool = new LocalTool();
        Directory.CreateDirectory(tool.Folder);
        await File.WriteAllTextAsync(Path.Combine(tool.Folder, "state.db"), new string('x', 5000));

        var up = await tool.RunAsync("up");

        up.ExitCode.Should().Be(1);
        up.Error.Should().StartWith("ECSR6107: ").And.Contain("ECSR6103: ").And.Contain("`ecs-release local reset`");
    }

    [Test]
    public async Task Without_a_home_folder_it_says_what_to_set()
    {
        var environment = new Dictionary<string, string?> { ["HOME"] = "", ["ECS_RELEASE_HOME"] = "", ["DOTNET_CLI_HOME"] = "/tmp" };

        var up = await Command.RunAsync("dotnet", [Path.Combine(AppContext.BaseDirectory, "ecs-release-local.dll"), "status"], environment);

        up.ExitCode.Should().Be(1);
        up.Error.Should().StartWith("ECSR6101: ").And.Contain("export ECS_RELEASE_HOME=");
    }

    [Test]
    public async Task An_unknown_command_is_a_usage_error()
    {
        await using var tool = new LocalTool();

        var result = await tool.RunAsync("launch");

        result.ExitCode.Should().Be(2);
        result.Error.Should().StartWith("ECSR6112: \"launch\" is not a command.");
    }

    private static HttpRequestMessage SignedRequest(JsonObject server, string operation, byte[] body)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, server["endpoint"]!.GetValue<string>()) { Content = new ByteArrayContent(body) };
        request.Headers.Add("X-Amz-Target", $"AmazonEC2ContainerRegistry_V20150921.{operation}");
        new RequestSigner(server["accessKeyId"]!.GetValue<string>(), server["secretAccessKey"]!.GetValue<string>(), "ecr").Sign(request, body);
        return request;
    }
}
