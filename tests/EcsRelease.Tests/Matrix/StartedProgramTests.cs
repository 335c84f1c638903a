using System.Text.RegularExpressions;

namespace EcsRelease.Tests.Matrix;

public partial class StartedProgramTests
{
    [Test]
    public void The_engine_starts_git_and_the_local_AWS_and_no_program_that_could_want_a_password()
    {
        var starters =
            from file in Directory.EnumerateFiles(Path.Combine(Repository.Root, "src", "EcsRelease.Core"), "*.cs", SearchOption.AllDirectories)
            where Start().IsMatch(File.ReadAllText(file))
            select Path.GetFileName(file);

        starters.Should().BeEquivalentTo("GitCommand.cs", "LocalAwsStart.cs");
    }

    [GeneratedRegex(@"\bProcessStartInfo\b|\bProcess\.Start\b")]
    private static partial Regex Start();
}
