using System.CommandLine;
using System.CommandLine.Parsing;

namespace EcsRelease.Tool.Commands;

/// <summary>What was typed after a verb, for a command line that means the same project and options.</summary>
/// <param name="without">Flags that another verb does not take.</param>
internal sealed class TypedArguments(ParseResult parsed, IReadOnlyList<Option> without)
{
    public string For(string verb) => string.Join(' ', parsed.CommandResult.Children.SelectMany(Words).Select(ShellWord.Of).Prepend($"ecs-release {verb}"));

    private IEnumerable<string> Words(SymbolResult typed) => typed switch
    {
        ArgumentResult argument => argument.Tokens.Select(token => token.Value),
        OptionResult { Implicit: false } option when !without.Contains(option.Option) => option.Tokens.Count == 0
            ? [option.Option.Name]
            : option.Tokens.SelectMany(token => new[] { option.Option.Name, token.Value }),
        _ => [],
    };
}
