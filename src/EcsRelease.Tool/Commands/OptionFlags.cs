using System.CommandLine;
using System.CommandLine.Parsing;
using EcsRelease.Options;

namespace EcsRelease.Tool.Commands;

/// <summary>The flags of the tool, made from the table of options: one flag per option that has one.</summary>
internal sealed class OptionFlags
{
    private const string Quoted = " (in quotes: \"a;b\")";
    private const string UnknownFlag = "Unknown flag ";
    private static readonly ReleaseOptions Defaults = new();
    private readonly List<(OptionInfo Info, Option Flag)> flags;

    private OptionFlags(IEnumerable<OptionInfo> options) =>
        flags = [.. options.Where(info => info.Flag is not null).Select(info => (info, FlagOf(info)))];

    public static OptionFlags All() => new(OptionReader.All);

    /// <summary>All but the record's: a plan is none.</summary>
    public static OptionFlags OfPlan() => new(OptionReader.All.Where(info => info.Member.Name != nameof(ReleaseOptions.RecordFile)));

    /// <summary>What finds a service.</summary>
    public static OptionFlags OfService() => new(OptionReader.All.Where(info => FindsService(info.Member.Name)));

    /// <summary>As for wait, of a verb that undoes: a pause is no end of it.</summary>
    public static OptionFlags OfUndo() => new(OptionReader.All.Where(info =>
        (FollowsService(info) && info.Member.Name != nameof(ReleaseOptions.OnPause)) || info.Member.Name is nameof(ReleaseOptions.Wait) or nameof(ReleaseOptions.Confirm)));

    /// <summary>As for wait, of a verb that does something first and need not wait.</summary>
    public static OptionFlags OfAct() => new(OptionReader.All.Where(info => FollowsService(info) || info.Member.Name == nameof(ReleaseOptions.Wait)));

    /// <summary>As for a verb that acts, with what decides over a deployment in progress and over a service that a stack owns.</summary>
    public static OptionFlags OfRollback() => new(OptionReader.All.Where(info => FollowsService(info)
        || info.Member.Name is nameof(ReleaseOptions.Wait) or nameof(ReleaseOptions.OnConflict) or nameof(ReleaseOptions.Owned)
            or nameof(ReleaseOptions.Container) or nameof(ReleaseOptions.Confirm)));

    /// <summary>What finds a service, follows its deployment and writes down how it ended.</summary>
    public static OptionFlags OfWait() => new(OptionReader.All.Where(FollowsService));

    /// <summary>What finds a service and a container of it, and says how long a task in it may take.</summary>
    public static OptionFlags OfRun() => new(OptionReader.All.Where(info => FindsService(info.Member.Name)
        || info.Member.Name is nameof(ReleaseOptions.Container) or nameof(ReleaseOptions.Timeout) or nameof(ReleaseOptions.Wait)));

    /// <summary>As for continue, and how to get along with owners and other deployments.</summary>
    public static OptionFlags OfRestart() => new(OptionReader.All.Where(info => FollowsService(info)
        || info.Member.Name is nameof(ReleaseOptions.Wait) or nameof(ReleaseOptions.Owned) or nameof(ReleaseOptions.OnConflict)
            or nameof(ReleaseOptions.Confirm)));

    /// <summary>What finds a service, and how long its count is waited for.</summary>
    public static OptionFlags OfScale() => new(OptionReader.All.Where(info => FindsService(info.Member.Name)
        || info.Member.Name is nameof(ReleaseOptions.Timeout) or nameof(ReleaseOptions.Wait) or nameof(ReleaseOptions.Owned) or nameof(ReleaseOptions.Confirm)));

    /// <summary>What finds a service and shapes its task definition.</summary>
    public static OptionFlags OfDefinition() => new(OptionReader.All.Where(info => FindsService(info.Member.Name) || ShapesDefinition(info.Member.Name)));

    /// <summary>What finds a service, its family and its repository.</summary>
    public static OptionFlags OfPrune() => new(OptionReader.All.Where(info => FindsService(info.Member.Name)
        || info.Member.Name is nameof(ReleaseOptions.TaskFamily) or nameof(ReleaseOptions.Container) or nameof(ReleaseOptions.Repository)
            or nameof(ReleaseOptions.EcrProfile) or nameof(ReleaseOptions.EcrRoleArn)));

    /// <summary>What finds a service, and the container that is released.</summary>
    public static OptionFlags OfInit() => new(OptionReader.All.Where(info => FindsService(info.Member.Name) || info.Member.Name is nameof(ReleaseOptions.Container)));

    public void AddTo(Command command)
    {
        foreach (var (_, flag) in flags)
            command.Add(flag);
    }

    /// <summary>What was given on the command line, by MSBuild name.</summary>
    public OptionText Read(ParseResult parsed)
    {
        var properties = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        var items = new Dictionary<string, IReadOnlyList<NameValue>>(StringComparer.OrdinalIgnoreCase);
        foreach (var (info, flag) in flags)
        {
            if (parsed.GetResult(flag) is not { Implicit: false } result)
                continue;
            if (info.Item is { } item)
                items[item] = [.. result.GetValueOrDefault<string[]>()!.SelectMany(text => Pairs(info, text))];
            else
                properties[info.Property!] = TextOf(info, result.GetValueOrDefault<object>());
        }
        return new(properties, items);
    }

    /// <summary>The parser takes an unknown flag for the argument that comes first; here it is said what it is.</summary>
    public void RefuseUnknown(ArgumentResult argument)
    {
        if (argument.Tokens.Select(token => token.Value).FirstOrDefault(value => value is ['-', _, ..]) is not { } flag)
            return;
        var nearest = OptionNames.Nearest(flag, flags.Select(known => known.Flag.Name));
        argument.AddError($"{UnknownFlag}'{flag}'." + (nearest is null ? "" : $" Did you mean '{nearest}'?"));
    }

    public static bool IsUnknownFlag(string message) => message.StartsWith(UnknownFlag, StringComparison.Ordinal);

    private static Option FlagOf(OptionInfo info) => info switch
    {
        { Item: not null } => new Option<string[]>(info.Flag!) { Description = info.Description + (info.ItemValue is null ? Quoted : ""), HelpName = ItemShape(info) },
        _ when IsOnByDefault(info) => new Option<bool>("--no-" + info.Flag![2..]) { Description = "do not " + info.Description },
        _ when info.Member.PropertyType == typeof(bool) => new Option<bool>(info.Flag!) { Description = info.Description },
        _ when info.Member.PropertyType == typeof(bool?) => OfYesOrNo(info),
        _ when IsList(info) => new Option<string[]>(info.Flag!) { Description = info.Description + Quoted, HelpName = "VALUE" },
        _ => OfOneValue(info),
    };

    private static Option<bool?> OfYesOrNo(OptionInfo info)
    {
        var flag = new Option<bool?>(info.Flag!)
        {
            Description = info.Description,
            Arity = ArgumentArity.ZeroOrOne,
            HelpName = "true|false",
            // A switch without a word means yes, as for the other switches.
            CustomParser = argument => argument.Tokens.Count == 0 ? true : bool.TryParse(argument.Tokens[0].Value, out var value) ? value : Refuse(argument, info),
        };
        // Those of the parser are written large.
        flag.CompletionSources.Clear();
        flag.CompletionSources.Add("true", "false");
        return flag;
    }

    private static Option<string> OfOneValue(OptionInfo info)
    {
        var flag = new Option<string>(info.Flag!) { Description = info.Description, HelpName = Shape(info.Member.PropertyType) };
        if (Words(info.Member.PropertyType) is { Length: > 0 } words)
            flag.CompletionSources.Add(words);
        return flag;
    }

    private static bool? Refuse(ArgumentResult argument, OptionInfo info)
    {
        argument.AddError(Errors.BadValue(info.Flag!, argument.Tokens[0].Value, "true or false").Message);
        return null;
    }

    private static string TextOf(OptionInfo info, object? value) => value switch
    {
        bool flag => flag != IsOnByDefault(info) ? "true" : "false",
        string[] list => string.Join(';', list),
        // On a command line a path is meant from where one stands.
        string path when info.Member.Name == nameof(ReleaseOptions.RecordFile) => Path.GetFullPath(path),
        _ => value?.ToString() ?? "",
    };

    private static IEnumerable<NameValue> Pairs(OptionInfo info, string text) => info.ItemValue is null
        ? text.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Select(name => new NameValue(name, ""))
        : [Pair(info, text)];

    private static NameValue Pair(OptionInfo info, string text)
    {
        if (info.Member.Name == nameof(ReleaseOptions.Ports))
            return text.Split('/', 2) is [var port, var protocol] ? new(port, protocol) : new(text, "");
        return text.IndexOf('=', StringComparison.Ordinal) is var at and > 0
            ? new(text[..at], text[(at + 1)..])
            : throw Errors.BadValue(info.Flag!, text, ItemShape(info));
    }

    private static string ItemShape(OptionInfo info) => info switch
    {
        { ItemValue: null } => "PATH",
        { Member.Name: nameof(ReleaseOptions.Ports) } => "PORT[/udp]",
        { ItemValue: "ValueFrom" } => "NAME=ARN",
        _ => "NAME=VALUE",
    };

    /// <summary>Those that an enum takes; empty for other types.</summary>
    private static string[] Words(Type type) =>
        (Nullable.GetUnderlyingType(type) ?? type) is { IsEnum: true } words ? [.. Enum.GetNames(words).Select(OptionInfo.Kebab)] : [];

    private static string Shape(Type type)
    {
        type = Nullable.GetUnderlyingType(type) ?? type;
        return type.IsEnum ? string.Join('|', Words(type))
            : type == typeof(TimeSpan) ? "DURATION"
            : type == typeof(int) ? "N"
            : "VALUE";
    }

    private static bool FindsService(string member) => member is
        nameof(ReleaseOptions.Target) or nameof(ReleaseOptions.Region) or nameof(ReleaseOptions.Profile) or nameof(ReleaseOptions.RoleArn)
        or nameof(ReleaseOptions.Account) or nameof(ReleaseOptions.Cluster) or nameof(ReleaseOptions.Service);

    private static bool ShapesDefinition(string member) => member is
        nameof(ReleaseOptions.TaskDefinition) or nameof(ReleaseOptions.TaskFamily) or nameof(ReleaseOptions.Container) or nameof(ReleaseOptions.Cpu)
        or nameof(ReleaseOptions.Memory) or nameof(ReleaseOptions.Architecture) or nameof(ReleaseOptions.TaskRole) or nameof(ReleaseOptions.ExecutionRole)
        or nameof(ReleaseOptions.LogGroup) or nameof(ReleaseOptions.EnvironmentVariables) or nameof(ReleaseOptions.Secrets) or nameof(ReleaseOptions.Ports);

    private static bool FollowsService(OptionInfo info) => FindsService(info.Member.Name)
        || info.Member.Name is nameof(ReleaseOptions.Timeout) or nameof(ReleaseOptions.OnPause) or nameof(ReleaseOptions.RecordFile);

    private static bool IsOnByDefault(OptionInfo info) => info.Member.GetValue(Defaults) is true;

    private static bool IsList(OptionInfo info) => info.Member.PropertyType == typeof(IReadOnlyList<string>);
}
