using static EcsRelease.ReleaseOutcome;

namespace EcsRelease;

// 1035 to 1044 and 5285 to 5299: several services in one run
public static partial class Errors
{
    public static EcsReleaseException ServicesBesideService(string service) => new("ECSR1035", Invalid,
        $"EcsService is '{service}', and there are EcsServices items, which name the services of this project. Keep one of them: <EcsServices Include=\"{service}\" />, or remove the items.");

    public static EcsReleaseException ServiceMetadataUnknown(string service, string name, string? suggestion) => new("ECSR1036", Invalid,
        $"EcsServices '{service}' has the unknown metadata '{name}'." + (suggestion is null ? " Metadata are named as the properties that they override for this service: EcsCpu, EcsCommand, EcsTaskDefinition …" : $" Did you mean '{suggestion}'?"));

    public static EcsReleaseException ServiceMetadataOfAll(string service, string name) => new("ECSR1037", Invalid,
        $"EcsServices '{service}' sets '{name}', which is one for all services of a project: they get one image, in one account, in one run. Set it as a property.");

    public static EcsReleaseException ServiceTwice(string service, string cluster, string first, string second) => new("ECSR1038", Invalid,
        $"Service '{service}' of cluster '{cluster}' would be released twice in one run: from '{first}' and from '{second}'. Set EcsService, EcsCluster or EcsRegion of one of them, or leave it out: EcsSkip=true");

    public static EcsReleaseException ServiceNotDeclared(string service, IReadOnlyList<string> declared, string? suggestion) => new("ECSR1039", Invalid,
        $"No EcsServices item is '{service}'." + (suggestion is null ? $" Declared are: {string.Join(", ", declared)}." : $" Did you mean '{suggestion}'?"));

    public static EcsReleaseException NothingToRelease(string place) => new("ECSR1040", Invalid,
        $"'{place}' has no project to release: none builds an executable that is no test project and has no EcsSkip=true. Name one: ecs-release deploy PATH.csproj");

    public static EcsReleaseException FlagOfOneService(string flag, int projects) => new("ECSR1041", Invalid,
        $"{flag} is for one service, but {projects} projects are given. Release one of them alone: ecs-release deploy PATH.csproj {flag} …");

    public static EcsReleaseException PlanFileOfOne(string flag, int services) => new("ECSR1042", Invalid,
        $"{flag} is for one service, but {services} are released. Release one of them alone: ecs-release deploy PATH.csproj {flag} FILE");

    public static EcsReleaseException ServiceUnclear(IReadOnlyList<string> declared) => new("ECSR1043", Invalid,
        $"The project has {declared.Count} services (EcsServices): {string.Join(", ", declared)}. Name the one that is meant: --service {ShellWord.Of(declared[0])}");

    public static EcsReleaseException NotBegun(string service, string why) => new("ECSR5285", Refused,
        $"The release of '{service}' was not begun, it is as it was: {Sentence(why)} Correct that and run the same command again: what is done already stays.");

    public static EcsReleaseException OthersRefused(string service, IReadOnlyList<string> refused) => new("ECSR5286", Refused,
        $"Nothing of '{service}' was changed, since {(refused.Count == 1 ? "another service" : "other services")} of this run cannot be released: {string.Join(", ", refused)}. Correct that, or release '{service}' alone.");

    public static EcsReleaseException SeveralAccounts(IReadOnlyList<string> accounts) => new("ECSR5287", Refused,
        $"The services of one run lie in several accounts: {string.Join(", ", accounts)}. Release those of each account in a run of their own.");

    public static EcsReleaseException OneImageTwoPlatforms(string project, IReadOnlyList<string> platforms) => new("ECSR5288", Refused,
        $"The services of '{project}' get one image, but their tasks run on {string.Join(" and ", platforms)}. Set EcsArchitecture for all of them: -p:EcsArchitecture=X86_64");

    public static EcsReleaseException SetBackWithOthers(string service, string to, string failed) => new("ECSR5289", RolledBack,
        $"'{service}' was released and set back to {to} (EcsRollbackAll), since {failed} failed in the same run.");

    public static EcsReleaseException NotSetBackWithOthers(string service, string failed, string why, string status) => new("ECSR5290", RollbackFailed,
        $"{failed} failed in the same run, but '{service}' could not be set back (EcsRollbackAll) and stays on this release: {Sentence(why)} See what is live: {status}");

    public static EcsReleaseException OneTagTwoProjects(string image, IReadOnlyList<string> projects) => new("ECSR5292", Refused,
        $"Each of {string.Join(", ", projects)} would build an image '{image}' of its own, but one tag is one image. Give each project a repository of its own (EcrRepository; without it the assembly's name), or one of them a tag of its own: EcsTagSuffix=b");

    public static Notice ServiceOnceHere(string service, string region) => new("ECSR5291",
        $"'{service}' is declared for several regions, which are one here ('{region}'): it is released once.");
}
