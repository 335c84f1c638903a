using System.Text.Json.Nodes;
using EcsRelease.LocalAws.State;

namespace EcsRelease.LocalAws.Commands;

/// <summary>Reads the arguments, runs the command, prints. Exit codes: 0 done, 1 failed, 2 usage, 3 not running (`status`).</summary>
internal sealed class CommandLine(TextWriter output, TextWriter error, IReadOnlyDictionary<string, string> variables, TimeProvider time)
{
    private const string Help = """
        ecs-release-local: a local ECR, ECS, CloudWatch Logs and STS on 127.0.0.1

          up [--json]                 start it when it is not running, and print where it is
          down                        stop its tasks and end it; the data is kept
          status [--json]             whether it runs; exit code 3 when not
          env [--shell sh|powershell] variables that point the AWS CLI and SDKs at it
          reset                       down, and delete its data
          serve [--log FILE]          run in the foreground
          --version, --help

        Settings are environment variables, read when it starts; durations as 500ms, 90s, 20m, 4h:
          ECS_RELEASE_HOME                         its state lies in the folder `local` there
          ECS_RELEASE_LOCAL_PORT                   default 0: that of last time, else any free one
          ECS_RELEASE_LOCAL_ACCOUNT                default 000000000000
          ECS_RELEASE_LOCAL_REGION                 default us-east-1
          ECS_RELEASE_LOCAL_RUNTIME                how tasks run: auto (default), isolated, process, none
          ECS_RELEASE_LOCAL_IDLE                   ends after this long without a request; default 4h
          ECS_RELEASE_LOCAL_HEALTHY_AFTER          a task without health check is healthy after; default 2s
          ECS_RELEASE_LOCAL_HEALTH_CHECK_LIMIT     cuts the times of health checks; default 5m, which cuts none
          ECS_RELEASE_LOCAL_THROTTLE               hold calls to AWS's request quotas: aws, off (default)
          ECS_RELEASE_LOCAL_START_BACK_OFF         first delay before a failed task is replaced; default 500ms
          ECS_RELEASE_LOCAL_START_BACK_OFF_LIMIT   the longest such delay; default 10s
          ECS_RELEASE_LOCAL_STOPPED_TASKS_KEPT     how long stopped tasks are described; default 1h

        Failures to rehearse, the limits of each runtime and what is offered: see the package's README.
        """;

    public async Task<int> RunAsync(string[] arguments, CancellationToken cancellationToken)
    {
        try
        {
            return await DispatchAsync(arguments, cancellationToken);
        }
        catch (LocalAwsException e)
        {
            await error.WriteLineAsync(e.Message);
            return e.Code == "ECSR6112" ? 2 : 1;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            await error.WriteLineAsync(LocalAwsException.StateFolderUnusable(Folder.Path, e).Message);
            return 1;
        }
    }

    private Task<int> DispatchAsync(string[] arguments, CancellationToken cancellationToken) => arguments switch
    {
        ["--help" or "-h" or "help"] or [] => Print(Help),
        ["--version"] => Print(ProductVersion.Informational),
        ["up"] => UpAsync(json: false, cancellationToken),
        ["up", "--json"] => UpAsync(json: true, cancellationToken),
        ["down"] => DownAsync(cancellationToken),
        ["status"] => StatusAsync(json: false, cancellationToken),
        ["status", "--json"] => StatusAsync(json: true, cancellationToken),
        ["env"] or ["env", "--shell", "sh"] => EnvironmentAsync(AwsVariables.ForShell, cancellationToken),
        ["env", "--shell", "powershell"] => EnvironmentAsync(AwsVariables.ForPowerShell, cancellationToken),
        ["reset"] => ResetAsync(cancellationToken),
        ["serve"] => ServeAsync(null, cancellationToken),
        ["serve", "--log", var file] => ServeAsync(file, cancellationToken),
        _ => throw LocalAwsException.BadUsage($"\"{string.Join(' ', arguments)}\" is not a command."),
    };

    private string? Variable(string name) => variables.GetValueOrDefault(name);

    private StateFolder Folder => StateFolder.Find(Variable);

    private ServerCommands Server => new(Folder, time);

    private async Task<int> UpAsync(bool json, CancellationToken cancellationToken)
    {
        // Bad settings are told here, not in the log of the server.
        SettingsReader.Read(Folder, Variable);
        var running = await Server.UpAsync(cancellationToken);
        if (running.File.Version != ProductVersion.Informational)
            await error.WriteLineAsync($"The running local AWS is version {running.File.Version}, this tool is {ProductVersion.Informational}. `{OwnName.Find(Variable)} down` ends it; the next `up` starts this version.");
        return await Print(json ? running.File.ToJson() : Describe(running));
    }

    private async Task<int> DownAsync(CancellationToken cancellationToken) =>
        await Print(await Server.DownAsync(cancellationToken) ? "The local AWS has ended; its data is kept." : "The local AWS was not running.");

    private async Task<int> ResetAsync(CancellationToken cancellationToken) =>
        await Print(await Server.ResetAsync(cancellationToken) ? $"Deleted \"{Folder.Path}\"." : $"There is nothing in \"{Folder.Path}\".");

    private async Task<int> StatusAsync(bool json, CancellationToken cancellationToken)
    {
        var running = await RunningServer.FindAsync(Folder, cancellationToken);
        if (json)
        {
            var status = new JsonObject { ["schema"] = 1, ["running"] = running is not null, ["folder"] = Folder.Path };
            foreach (var (name, value) in running?.Health ?? [])
                status[name] = value?.DeepClone();
            if (running is not null)
                status["endpoint"] = running.File.Endpoint;
            await output.WriteLineAsync(status.ToJsonString());
        }
        else
        {
            await output.WriteLineAsync(running is null ? "The local AWS is not running. Start it with `" + OwnName.Find(Variable) + " up`." : Describe(running));
        }

        return running is null ? 3 : 0;
    }

    private async Task<int> EnvironmentAsync(Func<string, string?, string> line, CancellationToken cancellationToken)
    {
        var running = await RunningServer.FindAsync(Folder, cancellationToken) ?? throw LocalAwsException.NotRunning();
        var lines = AwsVariables.Of(running.File, variables);
        return await Print(string.Join(Environment.NewLine, lines.Select(variable => line(variable.Name, variable.Value))));
    }

    private async Task<int> ServeAsync(string? log, CancellationToken cancellationToken)
    {
        var settings = SettingsReader.Read(Folder, Variable);
        if (log is null)
        {
            await ServeCommand.RunAsync(Folder, settings, time, cancellationToken);
            return 0;
        }

        await using var writer = new StreamWriter(log, append: true) { AutoFlush = true };
        Console.SetOut(writer);
        Console.SetError(writer);
        await ServeCommand.RunAsync(Folder, settings, time, cancellationToken);
        return 0;
    }

    private async Task<int> Print(string text)
    {
        await output.WriteLineAsync(text);
        return 0;
    }

    private string Describe(RunningServer running)
    {
        var limits = (running.Health["runtimeLimits"] as JsonArray ?? []).Select(limit => $"  {limit}");
        string[] lines =
        [
            $"endpoint  {running.File.Endpoint}",
            $"account   {running.File.Account}",
            $"region    {running.File.Region}",
            $"runtime   {running.Health["runtime"]}",
            .. limits,
            $"state     {Folder.Path}",
            $"process   {running.File.ProcessId}, version {running.File.Version}",
            OperatingSystem.IsWindows()
                ? $"For the AWS CLI and SDKs: {OwnName.Find(Variable)} env --shell powershell | Out-String | Invoke-Expression"
                : $"For the AWS CLI and SDKs: eval \"$({OwnName.Find(Variable)} env)\"",
        ];
        return string.Join(Environment.NewLine, lines);
    }
}
