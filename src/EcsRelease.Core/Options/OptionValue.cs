using System.Globalization;
using System.Text.RegularExpressions;

namespace EcsRelease.Options;

/// <summary>The value of one option, from text to its type.</summary>
internal static partial class OptionValue
{
    // CreateRepository, imageTagMutabilityExclusionFilters: at most 5.
    private const int MostMovingTags = 5;

    internal static object Parse(string name, string value, Type type)
    {
        type = Nullable.GetUnderlyingType(type) ?? type;
        if (type == typeof(string))
            return CheckText(name, value);
        if (type == typeof(bool))
            return Boolean(name, value);
        if (type == typeof(int))
            return Number(name, value) is var number && number == 0 && name == "EcsMaxParallel" ? throw Errors.BadValue(name, value, "1 or more") : number;
        if (type == typeof(TimeSpan))
            return Duration(name, value);
        if (type == typeof(IReadOnlyList<string>))
            return CheckList(name, value.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries));
        return Word(name, value, type);
    }

    internal static void CheckItem(string item, NameValue element)
    {
        // What follows the sign may be a secret: it is never quoted, by the checks below neither.
        if (element.Name.IndexOf('=', StringComparison.Ordinal) is var sign and >= 0)
            throw Errors.BadValue(item, element.Name[..(sign + 1)] + "…", "a name without '='");
        if (item == "EcsPort" && !(int.TryParse(element.Name, NumberStyles.None, CultureInfo.InvariantCulture, out var port) && port is > 0 and < 65536))
            throw Errors.BadValue(item, element.Name, "a port from 1 to 65535");
        if (item == "EcsPort" && element.Value is not ("" or "tcp" or "udp"))
            throw Errors.BadValue($"{item} '{element.Name}'", element.Value, "Protocol tcp or udp");
        if (item == "EcsSecret" && element.Value.Length == 0)
            throw Errors.BadValue($"{item} '{element.Name}'", element.Value, "ValueFrom with the ARN or name of a secret or parameter");
    }

    private static bool Boolean(string name, string value) => value.ToUpperInvariant() switch
    {
        "TRUE" or "YES" or "ON" => true,
        "FALSE" or "NO" or "OFF" => false,
        _ => throw Errors.BadValue(name, value, "true or false"),
    };

    private static int Number(string name, string value) =>
        int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : throw Errors.BadValue(name, value, "a whole number");

    private static TimeSpan Duration(string name, string value)
    {
        if (Durations().Match(value) is not { Success: true } match || !double.TryParse(match.Groups[1].Value, CultureInfo.InvariantCulture, out var number) || number <= 0 || number > 100_000)
            throw Errors.BadValue(name, value, "a duration as 90s, 20m or 1h");
        return match.Groups[2].Value switch
        {
            "s" => TimeSpan.FromSeconds(number),
            "m" => TimeSpan.FromMinutes(number),
            _ => TimeSpan.FromHours(number),
        };
    }

    private static object Word(string name, string value, Type type) =>
        Enum.GetNames(type).FirstOrDefault(word => string.Equals(word, value, StringComparison.OrdinalIgnoreCase)) is { } found
            ? Enum.Parse(type, found)
            : throw Errors.BadValue(name, value, string.Join(", ", Enum.GetNames(type).Select(word => word.ToLowerInvariant())));

    private static IReadOnlyList<string> CheckList(string name, IReadOnlyList<string> values)
    {
        if (name != "EcsMovingTags")
            return values;
        if (values.FirstOrDefault(tag => !Tag().IsMatch(tag)) is { } bad)
            throw Errors.BadValue(name, bad, "tags of 1 to 128 letters, digits, '_', '.' or '-', no '.' or '-' first");
        var tags = values.Distinct().ToList();
        return tags.Count <= MostMovingTags ? tags : throw Errors.BadValue(name, string.Join(';', tags), $"at most {MostMovingTags} tags, as many as ECR excludes from immutability");
    }

    /// <summary>Names that AWS would refuse later are refused here, before anything is built.</summary>
    private static string CheckText(string name, string value) => name switch
    {
        "EcsService" or "EcsTaskFamily" or "EcsContainer" when !EcsName().IsMatch(value) =>
            throw Errors.BadValue(name, value, "1 to 255 letters, digits, '-' or '_'"),
        "EcsArchitecture" when value is not ("X86_64" or "ARM64") => throw Errors.BadValue(name, value, "X86_64 or ARM64"),
        "EcsAccount" when !Account().IsMatch(value) => throw Errors.BadValue(name, value, "an account id of 12 digits"),
        "EcsTagSuffix" when !TagSuffix().IsMatch(value) => throw Errors.BadValue(name, value, "1 to 40 letters, digits, '.', '_' or '-'"),
        "EcsLaunchType" when value is not ("FARGATE" or "EC2" or "EXTERNAL") => throw Errors.BadValue(name, value, "FARGATE, EC2 or EXTERNAL"),
        "EcsTaskDefinition" when value is not ("auto" or "live" or "properties") && !(value.StartsWith("file:", StringComparison.Ordinal) && value.Length > "file:".Length) =>
            throw Errors.BadValue(name, value, "auto, live, properties or file:PATH"),
        _ => value,
    };

    [GeneratedRegex(@"^(\d+(?:\.\d+)?)([smh])$")]
    private static partial Regex Durations();

    [GeneratedRegex("^[A-Za-z0-9_-]{1,255}$")]
    private static partial Regex EcsName();

    [GeneratedRegex("^[0-9]{12}$")]
    private static partial Regex Account();

    // As ImageReference.IsTag; options depend on no other part.
    [GeneratedRegex("^[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}$")]
    private static partial Regex Tag();

    [GeneratedRegex("^[A-Za-z0-9._-]{1,40}$")]
    private static partial Regex TagSuffix();
}
