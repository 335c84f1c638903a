using static EcsRelease.ReleaseOutcome;

namespace EcsRelease;

// 6xxx: local AWS
public static partial class Errors
{
    public static EcsReleaseException LocalAwsMissing(string looked, string command = "dotnet tool install --global EcsRelease.Local --prerelease") => new("ECSR6001", Refused,
        $"The local AWS (ecs-release-local) was not found: {looked}. Run: {command}");

    public static EcsReleaseException LocalAwsFailed(string output, string log) => new("ECSR6002", Refused,
        $"The local AWS did not start: {output}. Its log: {log}. Start over: ecs-release local reset");

    public static EcsReleaseException LocalSecretMissing(string name, string project) => new("ECSR6003", Refused,
        $"EcsSecret '{name}' has no value on the local target. Run: dotnet user-secrets set {ShellWord.Of(name)} VALUE --project {ShellWord.Of(project)}");

    public static EcsReleaseException LocalAwsRefused(string request, int status) => new("ECSR6004", AwsFailed,
        $"The local AWS answered '{request}' with {status}. Look at it: ecs-release local status");

    public static Notice LocalAwsVersionDiffers(string running, string wanted) => new("ECSR6005",
        $"The local AWS that runs has version '{running}', this is '{wanted}'. Start the matching one: ecs-release local down");

    public static EcsReleaseException UserSecretsInvalid(string file, long line) => new("ECSR6006", Refused,
        $"The user secrets '{file}' are not valid JSON at line {line}. Correct the file.");
}
