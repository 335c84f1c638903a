namespace EcsRelease.EndToEndTests;

/// <summary>Programs of others that witness what this project says.</summary>
internal static class Outside
{
    /// <summary>Ignores the test where the program is missing, or fails it when ECS_RELEASE_REQUIRE names the program.</summary>
    public static void Require(string program)
    {
        var folders = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator);
        if (folders.Any(folder => File.Exists(Path.Combine(folder, program)) || File.Exists(Path.Combine(folder, program + ".exe"))))
            return;
        if ((Environment.GetEnvironmentVariable("ECS_RELEASE_REQUIRE") ?? "").Split(',').Contains(program))
            Assert.Fail($"{program} is not on the PATH, but ECS_RELEASE_REQUIRE names it");
        Assert.Ignore($"{program} is not on the PATH");
    }

    /// <summary>The project's environment, with the machine's own home: some installations of the AWS CLI live there.</summary>
    public static Dictionary<string, string> EnvironmentOf(ServiceProject project)
    {
        var environment = new Dictionary<string, string>(project.Environment) { ["AWS_PAGER"] = "", ["AWS_DEFAULT_REGION"] = "us-east-1", ["AWS_CONFIG_FILE"] = "/nonexistent", ["AWS_SHARED_CREDENTIALS_FILE"] = "/nonexistent" };
        if (Environment.GetEnvironmentVariable("HOME") is { } home)
            environment["HOME"] = home;
        return environment;
    }
}
