using EcsRelease.Tool.Projects;

namespace EcsRelease.Tests.Tool;

public sealed class ProjectSearchTests
{
    private DirectoryInfo folder = null!;

    [SetUp]
    public void CreateFolder() => folder = Directory.CreateTempSubdirectory("ecs-release-tests-");

    [TearDown]
    public void DeleteFolder() => folder.Delete(recursive: true);

    [Test]
    public void A_project_file_is_itself() => Find(Create("a.csproj")).Should().Be(Path.Combine(folder.FullName, "a.csproj"));

    [Test]
    public void The_only_project_of_a_directory_is_found()
    {
        Create("a.fsproj");

        Find(".").Should().EndWith("a.fsproj");
    }

    [TestCase("the directory holds no project file")]
    [TestCase("the directory holds a.csproj, b.csproj", "a.csproj", "b.csproj")]
    public void A_directory_without_one_project_is_refused(string reason, params string[] files)
    {
        foreach (var file in files)
            Create(file);

        Refused(".").WithMessage($"No project to release at '{folder.FullName}': {reason}.*");
    }

    [Test]
    public void A_path_that_is_not_there_is_refused() => Refused("nowhere").WithMessage("*no such file or directory*");

    [Test]
    public void A_file_that_is_no_project_is_refused() => Refused(Create("a.txt")).WithMessage("*not a project file*");

    [TestCase("Shop.sln", """Project("{9A19103F-16F7-4668-BE54-9A1E7A4F7556}") = "Orders", "src\\Orders\\Orders.csproj", "{1}" """)]
    [TestCase("Shop.slnx", """<Solution><Project Path="src/Orders/Orders.csproj" /></Solution>""")]
    public void A_solution_is_refused_where_one_project_is_meant(string name, string text)
    {
        File.WriteAllText(Path.Combine(folder.FullName, name), text);
        var find = () => Find(name);

        find.Should().Throw<EcsReleaseException>().Where(error => error.Code == "ECSR1013")
            .WithMessage($"*{name}'*deploy and plan take one*{Path.Combine("src", "Orders", "Orders.csproj")}");
    }

    [Test]
    public void A_directory_with_one_solution_and_no_project_means_the_solution()
    {
        File.WriteAllText(Path.Combine(folder.FullName, "Shop.slnx"), """<Solution><Project Path="src/Orders/Orders.csproj" /></Solution>""");

        var solution = ProjectSearch.FindSolution(".", folder.FullName);
        Create("a.csproj");

        solution.Should().Be(Path.Combine(folder.FullName, "Shop.slnx"));
        ProjectSearch.ProjectsOf(solution!).Should().Equal(Path.Combine(folder.FullName, "src", "Orders", "Orders.csproj"));
        ProjectSearch.FindSolution(".", folder.FullName).Should().BeNull("a project beside it is what is meant, as before");
    }

    private FluentAssertions.Specialized.ExceptionAssertions<EcsReleaseException> Refused(string path)
    {
        var find = () => Find(path);
        return find.Should().Throw<EcsReleaseException>().Where(error => error.Code == "ECSR1008");
    }

    private string Find(string path) => ProjectSearch.Find(path, folder.FullName);

    private string Create(string name)
    {
        File.WriteAllText(Path.Combine(folder.FullName, name), "<Project />");
        return name;
    }
}
