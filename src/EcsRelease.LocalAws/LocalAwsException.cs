namespace EcsRelease.LocalAws;

/// <summary>A failure that the user can act on: a code, and a text that says what to do.</summary>
public sealed class LocalAwsException : Exception
{
    private LocalAwsException(string code, string message, Exception? inner = null)
        : base($"{code}: {message}", inner) => Code = code;

    public string Code { get; }

    public static LocalAwsException NoStateFolder() => new("ECSR6101",
        "there is no folder for the local AWS's state, since neither ECS_RELEASE_HOME nor a home folder is set. "
        + "Set ECS_RELEASE_HOME to a folder of your own, e.g. `export ECS_RELEASE_HOME=/var/tmp/ecs-release`.");

    public static LocalAwsException StateFolderUnusable(string folder, Exception cause) => new("ECSR6102",
        $"the state folder \"{folder}\" cannot be used: {cause.Message} "
        + "Make it writable for you, or set ECS_RELEASE_HOME to another folder.", cause);

    public static LocalAwsException StateDamaged(string file, string what, Exception? cause = null) => new("ECSR6103",
        $"the state \"{file}\" cannot be read: {what} Start afresh with `ecs-release local reset` (it deletes the local AWS's data).", cause);

    public static LocalAwsException StateNewer(string file, long found, long known) => new("ECSR6104",
        $"the state \"{file}\" has schema {found}, and this version knows schema {known}. "
        + "Update the tool, or start afresh with `ecs-release local reset` (it deletes the local AWS's data).");

    public static LocalAwsException AlreadyRunning(string folder) => new("ECSR6105",
        $"a local AWS already runs with the state folder \"{folder}\". Stop it with `ecs-release local down`.");

    public static LocalAwsException PortTaken(int port, Exception cause) => new("ECSR6106",
        $"port {port} on 127.0.0.1 is taken. Choose another with ECS_RELEASE_LOCAL_PORT, or unset it to take any free one.", cause);

    public static LocalAwsException DidNotStart(string log, string lastLines) => new("ECSR6107",
        $"the local AWS did not start. Its log \"{log}\" ends with:{Environment.NewLine}{lastLines}");

    public static LocalAwsException DidNotStop(int processId, int seconds) => new("ECSR6108",
        $"the local AWS (process {processId}) did not end within {seconds} s. End it with `kill -9 {processId}`; what it acknowledged is kept.");

    public static LocalAwsException NotOurFolder(string folder, string marker) => new("ECSR6109",
        $"\"{folder}\" is not deleted, since it has no file \"{marker}\" and so was not made by the local AWS. Delete it by hand if it is yours.");

    public static LocalAwsException NotRunning() => new("ECSR6110",
        "the local AWS is not running. Start it with `ecs-release local up`.");

    public static LocalAwsException BadSetting(string variable, string value, string expected) => new("ECSR6111",
        $"{variable} is \"{value}\"; expected {expected}.");

    public static LocalAwsException NotIsolated() => new("ECSR6114",
        "tasks cannot be isolated here: unshare(1), mounts or overlay file systems are missing or denied. "
        + "Unset ECS_RELEASE_LOCAL_RUNTIME, or set it to `process`.");

    public static LocalAwsException BadUsage(string problem) => new("ECSR6112",
        $"{problem} Run `ecs-release-local --help`.");

    public static LocalAwsException LockTimeout(string file, int seconds) => new("ECSR6113",
        $"another `up`, `down` or `reset` has held \"{file}\" for {seconds} s. Wait for it to end, then try again.");
}
