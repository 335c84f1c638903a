using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using EcsRelease.LocalAws.Http;

namespace EcsRelease.LocalAws.Ecr;

/// <summary>Whether a tag may move (ECR User Guide, "Preventing image tags from being overwritten").</summary>
internal sealed partial record TagMutability(string Mode, IReadOnlyList<string> Exclusions)
{
    private static readonly string[] Modes = ["MUTABLE", "IMMUTABLE", "IMMUTABLE_WITH_EXCLUSION", "MUTABLE_WITH_EXCLUSION"];

    public bool IsImmutable(string tag) => Mode switch
    {
        "IMMUTABLE" => true,
        "IMMUTABLE_WITH_EXCLUSION" => !Exclusions.Any(filter => Matches(filter, tag)),
        "MUTABLE_WITH_EXCLUSION" => Exclusions.Any(filter => Matches(filter, tag)),
        _ => false,
    };

    public static TagMutability Read(JsonObject input)
    {
        var mode = input.Text("imageTagMutability") ?? "MUTABLE";
        if (!Modes.Contains(mode))
            throw EcrErrors.Invalid("imageTagMutability", $"Member must satisfy enum value set: [{string.Join(", ", Modes)}]"); // constructed
        var filters = input.Objects("imageTagMutabilityExclusionFilters");
        foreach (var filter in filters)
        {
            if (filter.Text("filterType") != "WILDCARD")
                throw EcrErrors.Invalid("imageTagMutabilityExclusionFilters.filterType", "Member must satisfy enum value set: [WILDCARD]"); // constructed
            if (!FilterForm().IsMatch(filter.RequiredText("filter")))
                throw EcrErrors.Invalid("imageTagMutabilityExclusionFilters.filter", "must satisfy regular expression '[0-9a-zA-Z._*-]{1,128}'"); // constructed
        }

        if (filters.Count > 5)
            throw EcrErrors.Invalid("imageTagMutabilityExclusionFilters", "Member must have length less than or equal to 5"); // constructed
        if (mode.EndsWith("_WITH_EXCLUSION", StringComparison.Ordinal) != filters.Count > 0)
            throw EcrErrors.Invalid("imageTagMutabilityExclusionFilters", $"filters belong to the modes with exclusion, and these need at least one; the mode is {mode}"); // constructed
        return new TagMutability(mode, [.. filters.Select(filter => filter.RequiredText("filter"))]);
    }

    public void WriteTo(JsonObject repository)
    {
        repository["imageTagMutability"] = Mode;
        if (Exclusions.Count == 0)
            repository.Remove("imageTagMutabilityExclusionFilters");
        else
            repository["imageTagMutabilityExclusionFilters"] = new JsonArray([.. Exclusions.Select(filter => new JsonObject { ["filterType"] = "WILDCARD", ["filter"] = filter })]);
    }

    private static bool Matches(string filter, string tag) =>
        Regex.IsMatch(tag, "^" + Regex.Escape(filter).Replace("\\*", ".*", StringComparison.Ordinal) + "\\z", RegexOptions.NonBacktracking);

    [GeneratedRegex(@"^[0-9a-zA-Z._*-]{1,128}\z")]
    private static partial Regex FilterForm();
}
