using System.Text.RegularExpressions;

namespace EcsRelease.Tests;

/// <summary>Layers run downward only (DESIGN 6).</summary>
[TestFixture]
public sealed partial class LayerTests
{
    // Folder → the folders of the engine that it may use.
    private static readonly Dictionary<string, string[]> _mayUse = new()
    {
        ["Git"] = [],
        ["Registry"] = [],
        ["Options"] = [],
        ["Aws"] = ["Aws"],
        ["Images"] = ["Registry", "Images"],
        ["Images/Ecr"] = ["Registry", "Aws", "Images"],
        ["TaskDefinitions"] = ["Aws", "Git", "Images", "TaskDefinitions", "Deployments"],
        ["Deployments"] = ["Aws", "Git", "TaskDefinitions", "Deployments"],
        ["ServiceLogs"] = ["Aws", "Deployments"],
        ["TaskRuns"] = ["Aws", "Deployments"],
        ["Gates"] = ["Aws", "Deployments", "TaskRuns"],
        ["History"] = ["Aws", "Git", "TaskDefinitions", "Deployments", "History"],
        ["Pruning"] = ["Aws", "Registry", "TaskDefinitions", "Pruning"],
        ["Permissions"] = ["Aws", "TaskDefinitions", "Permissions"],
        ["Verification"] = ["Aws", "Registry", "Images", "TaskDefinitions", "Deployments", "Permissions", "Verification"],
    };

    [TestCaseSource(nameof(Folders))]
    public void A_layer_uses_only_what_lies_below_it(string folder)
    {
        var files = Directory.EnumerateFiles(Path.Combine(Repository.Root, "src/EcsRelease.Core", folder), "*.cs",
            folder == "Images" ? SearchOption.TopDirectoryOnly : SearchOption.AllDirectories);
        var wrong =
            from file in files
            from Match use in Using().Matches(File.ReadAllText(file))
            let layer = use.Groups[1].Value
            where layer != folder && !_mayUse[folder].Contains(layer)
            select $"{Path.GetFileName(file)} uses {layer}";

        wrong.Should().BeEmpty();
    }

    [Test]
    public void The_local_aws_references_no_project_of_ours()
    {
        File.ReadAllText(Path.Combine(Repository.Root, "src/EcsRelease.LocalAws/EcsRelease.LocalAws.csproj")).Should().NotContain("ProjectReference");
    }

    [Test]
    public void The_engine_does_not_write_to_the_console()
    {
        Directory.EnumerateFiles(Path.Combine(Repository.Root, "src/EcsRelease.Core"), "*.cs", SearchOption.AllDirectories)
            .Where(file => !file.Contains($"{Path.DirectorySeparatorChar}obj{Path.DirectorySeparatorChar}") && File.ReadAllText(file).Contains("Console."))
            .Should().BeEmpty();
    }

    private static IEnumerable<string> Folders => _mayUse.Keys;

    [GeneratedRegex(@"^using EcsRelease\.(\w+)", RegexOptions.Multiline)]
    private static partial Regex Using();
}
