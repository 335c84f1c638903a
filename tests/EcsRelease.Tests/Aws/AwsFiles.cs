using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;

namespace EcsRelease.Tests;

/// <summary>The profiles of the tests: in a folder of this run, so that nobody's own credentials are ever used. For the
/// whole assembly, because the SDK remembers the place.</summary>
[SetUpFixture]
public sealed class AwsFiles
{
    private static readonly string s_folder = Directory.CreateTempSubdirectory("ecs-release-aws-").FullName;

    public static string Config => Path.Combine(s_folder, "config");

    public static string Credentials => Path.Combine(s_folder, "credentials");

    // NUnit evaluates test case sources before any set-up, and one that touches the SDK makes it look for the files.
    [ModuleInitializer]
    [SuppressMessage("Usage", "CA2255", Justification = "Nothing but the test runner loads this assembly.")]
    internal static void Use_the_folder()
    {
        // The SDK takes a place for good only where a file is when it looks first.
        File.WriteAllText(Config, "");
        File.WriteAllText(Credentials, "");
        Environment.SetEnvironmentVariable("AWS_CONFIG_FILE", Config);
        Environment.SetEnvironmentVariable("AWS_SHARED_CREDENTIALS_FILE", Credentials);
        foreach (var variable in (string[])["AWS_PROFILE", "AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN", "AWS_ENDPOINT_URL"])
            Environment.SetEnvironmentVariable(variable, null);
    }

    [OneTimeTearDown]
    public void Delete_the_folder() => Directory.Delete(s_folder, recursive: true);
}
