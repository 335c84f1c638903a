namespace EcsRelease.TaskDefinitions.Files;

/// <summary>The values of the variables in a task definition file: `${env:NAME}`, `${commit}`, `${image}`, `${ssm:/PATH}`.
/// A variable of the environment may hold others; a parameter is taken as it is, since others may write it than those
/// who own the environment.</summary>
/// <param name="parameters">By name, those that the file names.</param>
internal sealed class Variables(DefinitionInputs inputs, IReadOnlyDictionary<string, Parameter> parameters)
{
    public const string Image = "image";

    private const string Commit = "commit";
    private const string FromEnvironment = "env:";
    private const string FromParameter = "ssm:";

    /// <summary>The parameter that a variable names, else null.</summary>
    public static string? ParameterOf(string variable) => variable.StartsWith(FromParameter, StringComparison.Ordinal) ? variable[FromParameter.Length..] : null;

    /// <summary>The variables of a text and of the values that they have from the environment, each once.</summary>
    public static IReadOnlyCollection<string> AllIn(string text, Func<string, string?> environment)
    {
        HashSet<string> found = new(StringComparer.Ordinal);
        var open = new Stack<string>([text]);
        while (open.TryPop(out var next))
            foreach (var variable in Template.Variables(next).Where(found.Add))
                if (variable.StartsWith(FromEnvironment, StringComparison.Ordinal) && environment(variable[FromEnvironment.Length..]) is { } value)
                    open.Push(value);
        return found;
    }

    /// <exception cref="EcsReleaseException">ECSR5156, 5157, 5158, 5159.</exception>
    public string Fill(string text, FilePlace place) => Fill(text, place, []);

    /// <param name="within">The variables whose values led here.</param>
    private string Fill(string text, FilePlace place, IReadOnlyList<string> within) =>
        string.Concat(Template.Parse(text).Select(part => part switch
        {
            { IsOpen: true } => throw Errors.VariableUnresolved(place, Written(part.Text)[..^1], "it has no closing brace; for the text itself write $${"),
            { IsVariable: true } => ValueOf(part.Text, place, within),
            _ => part.Text,
        }));

    private string ValueOf(string variable, FilePlace place, IReadOnlyList<string> within)
    {
        IReadOnlyList<string> chain = [.. within, variable];
        if (within.Contains(variable))
            throw Errors.VariableCyclic(place, string.Join(" → ", chain.Select(Written)));
        EcsReleaseException Unresolved(string why) =>
            Errors.VariableUnresolved(place, Written(variable), within.Count == 0 ? why : $"{why} (it stands in the value of {Written(within[^1])})");
        return variable switch
        {
            Commit => inputs.Commit ?? throw Unresolved("there is no commit"),
            // Before the image is built nobody knows its name; what is registered is made again when it is known.
            Image => inputs.Image ?? Written(Image),
            _ when ParameterOf(variable) is { } name => Checked(parameters.GetValueOrDefault(name), name, variable, place, chain, Unresolved),
            _ when variable.StartsWith(FromEnvironment, StringComparison.Ordinal) =>
                Fill(inputs.Environment(variable[FromEnvironment.Length..]) ?? throw Unresolved($"the environment has no variable '{variable[FromEnvironment.Length..]}'; set it"), place, chain),
            _ when variable.StartsWith("cfn:", StringComparison.Ordinal) || variable.StartsWith("tfstate:", StringComparison.Ordinal) => throw Errors.VariableNotOffered(place, Written(variable)),
            _ => throw Unresolved("there are ${env:NAME}, ${commit}, ${image} and ${ssm:/PATH}; for the text itself write $${"),
        };
    }

    private static string Checked(
        Parameter? parameter, string name, string variable, FilePlace place, IReadOnlyList<string> chain, Func<string, EcsReleaseException> unresolved) => parameter switch
    {
        null => throw unresolved($"there is no parameter '{name}' in this account and region; list them: aws ssm describe-parameters"),
        { IsSecret: true } => throw Errors.ParameterIsSecret(place, Written(variable), parameter.Arn ?? name),
        { Value: var value } when Template.Variables(value).Contains(variable) => throw Errors.VariableCyclic(place, string.Join(" → ", chain.Append(variable).Select(Written))),
        _ => parameter.Value,
    };

    private static string Written(string variable) => $"${{{variable}}}";
}
