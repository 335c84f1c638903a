using EcsRelease.Images;

namespace EcsRelease.Tests.Images;

[Parallelizable(ParallelScope.All)]
public class PublishFolderTests
{
    [TestCase("Microsoft.NETCore.App.Runtime.linux-x64", "System.Private.CoreLib.dll", "runtime")]
    [TestCase("Microsoft.AspNetCore.App.Runtime.linux-x64", "Microsoft.AspNetCore.dll", "runtime")]
    [TestCase("Microsoft.NETCore.Platforms", "x.dll", "packages")]
    [TestCase("Dapper", "Dapper.dll", "packages")]
    [TestCase(null, "wwwroot/app.js", "resources")]
    [TestCase(null, "wwwroot/data.json", "resources")]
    [TestCase(null, "appsettings.json", "settings")]
    [TestCase(null, "web.config", "settings")]
    [TestCase(null, "Orders.deps.json", "settings")]
    [TestCase(null, "Orders.staticwebassets.endpoints.json", "app")]
    [TestCase(null, "Orders.dll", "app")]
    [TestCase(null, "templates/mail.html", "app")]
    public void A_file_goes_to_the_layer_that_changes_as_seldom_as_it_does(string? package, string path, string layer) =>
        PublishFolder.LayerOf(path, package).Should().Be(layer);

    [Test]
    public async Task Without_MSBuilds_knowledge_the_deps_file_tells_packages_from_own_files()
    {
        using var folder = new TemporaryFolder();

        var layers = await PublishFolder.ReadAsync(SampleProject.In(folder), default);

        layers.Select(layer => layer.Name).Should().Equal("packages", "resources", "settings", "app");
        Files(layers[0]).Should().Equal("app/Dapper.dll", "app/fr/Humanizer.resources.dll", "app/runtimes/linux-x64/native/libe_sqlite3.so");
        Files(layers[3]).Should().Equal("app/Orders.dll", "app/Orders.staticwebassets.endpoints.json");
    }

    [Test]
    public async Task How_the_service_is_deployed_does_not_enter_its_image()
    {
        using var folder = new TemporaryFolder();
        var project = SampleProject.In(folder);
        await File.WriteAllTextAsync(Path.Combine(project.PublishDirectory, "ecs-task-definition.json"), "{}");

        var layers = await PublishFolder.ReadAsync(project, default);

        layers.SelectMany(Files).Should().NotContain(path => path.Contains("task-definition")).And.Contain("app/appsettings.json");
    }

    [Test]
    public async Task The_files_packages_as_MSBuild_knows_them_win()
    {
        using var folder = new TemporaryFolder();
        var project = SampleProject.In(folder) with { PackageOfFile = new Dictionary<string, string> { ["Orders.dll"] = "A.Package" } };

        var layers = await PublishFolder.ReadAsync(project, default);

        Files(layers.Single(layer => layer.Name == "packages")).Should().Equal("app/Orders.dll");
    }

    [Test]
    public async Task The_build_machines_executable_is_left_out_of_a_portable_publish_unless_it_is_started()
    {
        using var folder = new TemporaryFolder();
        var project = SampleProject.In(folder);

        (await FilesOf(project)).Should().NotContain("app/Orders");
        (await FilesOf(project with { Container = project.Container with { AppCommand = ["/app/Orders"] } })).Should().Contain("app/Orders");
    }

    [Test]
    public async Task A_page_edited_at_equal_length_gets_another_time()
    {
        using var before = new TemporaryFolder();
        using var after = new TemporaryFolder();

        var first = await TimeOfPage(SampleProject.In(before, page: "<h1>one</h1>"));
        var second = await TimeOfPage(SampleProject.In(after, page: "<h1>two</h1>"));

        second.Should().NotBe(first, "UseStaticFiles makes its ETag of time and length");
    }

    [Test]
    public async Task Modes_follow_the_content_not_the_file_system()
    {
        using var folder = new TemporaryFolder();
        var project = SampleProject.In(folder);
        folder.Write("start.sh", "#!/bin/sh\n");
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(Path.Combine(folder.Path, "Orders.dll"), UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);

        var entries = (await PublishFolder.ReadAsync(project, default)).SelectMany(layer => layer.Entries).ToLookup(entry => entry.Path, entry => entry.Mode);

        entries["app/start.sh"].Should().Equal(LayerEntry.Executable);
        entries["app/runtimes/linux-x64/native/libe_sqlite3.so"].Should().Equal(LayerEntry.Executable);
        entries["app/Orders.dll"].Should().Equal(LayerEntry.Plain);
    }

    [Test]
    public async Task The_working_directory_is_where_the_files_go()
    {
        using var folder = new TemporaryFolder();
        var project = SampleProject.In(folder);

        (await FilesOf(project with { Container = project.Container with { WorkingDirectory = "/srv/orders/" } })).Should().Contain("srv/orders/Orders.dll");
    }

    [Test]
    public async Task An_empty_publish_folder_is_an_error_that_names_it()
    {
        using var folder = new TemporaryFolder();
        var project = new PublishedProject { PublishDirectory = folder.Path, AssemblyName = "Orders", Container = SampleProject.Container };

        var reading = () => PublishFolder.ReadAsync(project, default);

        (await reading.Should().ThrowAsync<EcsReleaseException>()).Which.Should().Match<EcsReleaseException>(error => error.Code == "ECSR3013" && error.Message.Contains(folder.Path));
    }

    [Test]
    public async Task A_damaged_deps_file_is_an_error_that_names_it()
    {
        using var folder = new TemporaryFolder();
        var project = SampleProject.In(folder);
        folder.Write("Orders.deps.json", "{ not json");

        var reading = () => PublishFolder.ReadAsync(project, default);

        (await reading.Should().ThrowAsync<EcsReleaseException>()).Which.Message.Should().Contain("Orders.deps.json");
    }

    [Test]
    public void Check_out_times_are_taken_out_of_the_endpoints_file()
    {
        var rewritten = System.Text.Encoding.UTF8.GetString(StaticAssetTimes.Rewrite(
            """[{"Name":"ETag","Value":"a"},{"Name":"Last-Modified","Value":"Tue, 24 Nov 2026 11:48:21 GMT"},{"Name":"Vary","Value":"b"}]"""));

        rewritten.Should().Be("""[{"Name":"ETag","Value":"a"},{"Name":"Last-Modified","Value":"Sat, 01 Jan 2000 00:00:00 GMT"},{"Name":"Vary","Value":"b"}]""");
    }

    private static IEnumerable<string> Files(LayerSpec layer) => layer.Entries.Where(entry => !entry.IsDirectory).Select(entry => entry.Path);

    private static async Task<IEnumerable<string>> FilesOf(PublishedProject project) => (await PublishFolder.ReadAsync(project, default)).SelectMany(Files);

    private static async Task<DateTimeOffset> TimeOfPage(PublishedProject project) =>
        (await PublishFolder.ReadAsync(project, default)).SelectMany(layer => layer.Entries).Single(entry => entry.Path == "app/wwwroot/index.html").ModifiedAt;
}
