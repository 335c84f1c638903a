using static EcsRelease.ReleaseOutcome;

namespace EcsRelease;

// 1xxx: options
public static partial class Errors
{
    public static EcsReleaseException UnknownOption(string name, string? suggestion) => new("ECSR1001", Invalid,
        $"Unknown property '{name}'." + (suggestion is null ? " `ecs-release deploy --help` lists the options." : $" Did you mean '{suggestion}'?"));

    public static EcsReleaseException BadValue(string option, string value, string expected) => new("ECSR1002", Invalid,
        $"{option} is '{value}': expected {expected}.");

    public static EcsReleaseException NotYetOffered(string name) => new("ECSR1003", Invalid,
        $"'{name}' is known but not offered by this version. Remove it.");

    public static EcsReleaseException DeployWordNotBoolean(string value) => new("ECSR1004", Invalid,
        $"EcsDeploy is '{value}': MSBuild takes neither true nor false from it. Use -p:EcsDeploy=true.");

    public static EcsReleaseException DuplicateItem(string item, string name) => new("ECSR1006", Invalid,
        $"{item} '{name}' is declared more than once. Keep one of them.");

    public static EcsReleaseException OptionsConflict(string first, string second, string why) => new("ECSR1007", Invalid,
        $"{first} and {second} exclude each other: {why}.");

    public static EcsReleaseException ProjectNotFound(string path, string found) => new("ECSR1008", Invalid,
        $"No project to release at '{path}': {found}. Name one: ecs-release deploy PATH.csproj");

    public static EcsReleaseException ProjectUnreadable(string project, string output) => new("ECSR1009", Invalid,
        $"The properties of '{project}' could not be read: {output}");

    public static EcsReleaseException FrameworkUnclear(string project, string frameworks) => new("ECSR1011", Invalid,
        $"'{project}' has several target frameworks ('{frameworks}'). Name the one to release: --framework TFM");

    public static EcsReleaseException SdkTooOld(string version) => new("ECSR1005", Invalid,
        $"The .NET SDK is '{version}': EcsRelease needs 10.0.100 or newer. Install it from https://dotnet.microsoft.com/download, or correct global.json.");

    public static Notice SharedProjectPaths(string project) => new("ECSR1010",
        $"'{project}' is released in a solution publish, where nothing is set on the projects that it references, so two clones of one commit may differ in the image's bytes. Add to Directory.Build.props: <DeterministicSourcePaths>true</DeterministicSourcePaths>");

    /// <param name="projects">Paths of its projects as one types them here.</param>
    public static EcsReleaseException SolutionNotOffered(string solution, IReadOnlyList<string> projects) => new("ECSR1013", Invalid,
        $"'{solution}' is a solution: deploy and plan take one, this verb is about one project. "
        + (projects.Count == 0 ? "Name one: PATH.csproj" : $"Name one of its projects: {string.Join(", ", projects.Select(ShellWord.Of))}"));

    public static EcsReleaseException PackageVersionDiffers(string project, string package, string tool, string update) => new("ECSR1014", Invalid,
        $"'{project}' uses the package EcsRelease {package}, but this is ecs-release {tool}: another major version. Run: {update}");

    public static Notice RecordNotWritten(string why) => new("ECSR1012",
        $"The release record could not be written: {why} How the release ended is not changed by it. Check EcsReleaseRecord, or in GitHub Actions GITHUB_STEP_SUMMARY and GITHUB_OUTPUT.");

    public static EcsReleaseException RecordPathShared(string path) => new("ECSR1024", Invalid,
        $"The release records of several services would all be written to '{path}'. Put the service into the name: --release-record 'release-{{service}}.json'");

    public static EcsReleaseException PlanFileUnreadable(string file, string why) => new("ECSR1017", Invalid,
        $"'{file}' is no plan: {why}. Make one: ecs-release plan --out {ShellWord.Of(file)}");

    public static EcsReleaseException PlanFileNotWritten(string file, string why) => new("ECSR1018", Invalid,
        $"The plan could not be written to '{file}': {why.TrimEnd('.')}. Name another file: --out FILE");
}
