using static EcsRelease.ReleaseOutcome;

namespace EcsRelease;

// 6xxx: local AWS
public static partial class Errors
{
    public static EcsReleaseException LocalAwsMissing(string looked) => new("ECSR6001", Refused,
        $"The local AWS (ecs-release-local) was not found: {looked}. Run: dotnet tool install --global EcsRelease.Local");

    public static EcsReleaseException LocalAwsFailed(string output, string log) => new("ECSR6002", Refused,
        $"The local AWS did not start: {output}. Its log: {log}. Start over: ecs-release local reset");

    public static EcsReleaseException LocalSecretMissing(string name, string project) => new("ECSR6003", Refused,
        $"EcsSecret '{name}' has no value on the local target. Run: dotnet user-secrets set {name} VALUE --project {project}");
}
