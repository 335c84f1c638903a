using static EcsRelease.ReleaseOutcome;

namespace EcsRelease;

// 515x and 516x: task definition files, what they refer to, `diff` and `init`
public static partial class Errors
{
    private const string Skeleton = "`aws ecs register-task-definition --generate-cli-skeleton` prints the form";

    public static EcsReleaseException DefinitionNotJson(FilePlace place, string why) => new("ECSR5150", Refused,
        $"{place}: this is not valid JSON: {why}. Comments and trailing commas are allowed; {Skeleton}.") { Place = place };

    public static EcsReleaseException DefinitionIsYaml(FilePlace place) => new("ECSR5151", Refused,
        $"{place}: this is YAML; a task definition file is JSON. Convert it in place (yq 4): yq -p yaml -o json -i {ShellWord.Of(place.Name)}") { Place = place };

    /// <param name="found">A kind of JSON, or the unresolved text of a value; never a value that was filled in.</param>
    public static EcsReleaseException DefinitionMemberType(FilePlace place, string member, string expected, string found) => new("ECSR5152", Refused,
        $"{place}: '{member}' must be {expected}, found {found}. Correct it; {Skeleton}.") { Place = place };

    /// <param name="hint">A sentence of its own, or empty.</param>
    public static EcsReleaseException DefinitionMemberMissing(FilePlace place, string member, string hint) => new("ECSR5153", Refused,
        $"{place}: '{member}' is missing.{(hint.Length == 0 ? "" : " " + hint)} Add it; {Skeleton}.") { Place = place };

    /// <param name="source">`live` or `properties`, where there is no place in a file.</param>
    public static EcsReleaseException ContainerMissing(FilePlace? place, string source, string wanted, IEnumerable<string> names) => new("ECSR5154", Refused,
        $"{At(place, source)} there is no container '{wanted}'; there are {string.Join(", ", names)}. Correct EcsContainer (--container).") { Place = place };

    public static EcsReleaseException DuplicateContainer(FilePlace place, string name) => new("ECSR5155", Refused,
        $"{place}: a second container has the name '{name}'. Give each its own.") { Place = place };

    /// <param name="variable">As it stands in the file, `${env:X}`.</param>
    public static EcsReleaseException VariableUnresolved(FilePlace place, string variable, string why) => new("ECSR5156", Refused,
        $"{place}: '{variable}' cannot be resolved: {why}.") { Place = place };

    /// <param name="chain">E.g. `${env:A} → ${env:B} → ${env:A}`.</param>
    public static EcsReleaseException VariableCyclic(FilePlace place, string chain) => new("ECSR5157", Refused,
        $"{place}: the variables refer to each other in a circle: {chain}. Give one of them a value of its own; `$${{` stands for the text `${{`.") { Place = place };

    public static EcsReleaseException VariableNotOffered(FilePlace place, string variable) => new("ECSR5158", Refused,
        $"{place}: '{variable}' is known but not offered by this version. Put the value into a parameter and use ${{ssm:/PATH}}, or into the environment and use ${{env:NAME}}.") { Place = place };

    public static EcsReleaseException ParameterIsSecret(FilePlace place, string variable, string parameter) => new("ECSR5159", Refused,
        $"{place}: '{variable}' is a SecureString, and a task definition shows its values to everybody who may read it. Use it as a secret: {{\"name\": \"NAME\", \"valueFrom\": \"{parameter}\"}} in the container's secrets.") { Place = place };

    /// <param name="where">The place in the file, or the option.</param>
    public static Notice PlainSecret(string where, string container, string variable) => new("ECSR5160",
        $"{where}: variable '{variable}' of container '{container}' looks like a secret, and a task definition shows its value to everybody who may read it. Store it in Secrets Manager or as a SecureString and name it with EcsSecret, or in the container's secrets.");

    public static EcsReleaseException RevisionNotFound(string revision, string message) => new("ECSR5161", Refused,
        $"Task definition '{revision}' cannot be read: {message.TrimEnd('.')}. List those that there are: aws ecs list-task-definitions --family-prefix {ShellWord.Of(revision.Split('/')[^1].Split(':')[0])}");

    public static EcsReleaseException InitWouldOverwrite(string file, string what) => new("ECSR5162", Refused,
        $"'{file}' {what}. Nothing was written. Overwrite it: --force");

    public static EcsReleaseException ProjectNotEditable(string project, string why, string lines) => new("ECSR5163", Refused,
        $"The properties cannot be written into '{project}': {why}. Nothing was written. Add them by hand and run it again: {lines}");

    public static EcsReleaseException NothingToCompare(string service, string cluster) => new("ECSR5164", Refused,
        $"Service '{service}' in cluster '{cluster}' has no task definition to compare with or to take over.");

    public static EcsReleaseException InitNotWritten(string file, string why) => new("ECSR5165", Refused,
        $"'{file}' cannot be written: {why.TrimEnd('.')}. Make it writable, then run it again.");

    private static string At(FilePlace? place, string source) => place is null ? $"Task definition '{source}':" : $"{place}:";
}
