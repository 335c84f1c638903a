using EcsRelease.Aws.Targets;

namespace EcsRelease.Verbs;

/// <summary>Who releases: the person that a CI system names, whose role many share; else the caller's ARN.</summary>
internal static class Actor
{
    // GitHub Actions, GitLab, Azure Pipelines, CodeBuild, CircleCI, Bitbucket, Jenkins (user build vars).
    private static readonly string[] _variables =
    [
        "GITHUB_ACTOR", "GITLAB_USER_LOGIN", "BUILD_REQUESTEDFOR", "CODEBUILD_INITIATOR", "CIRCLE_USERNAME",
        "BITBUCKET_STEP_TRIGGERER_UUID", "BUILD_USER_ID",
    ];

    public static string Of(Func<string, string?> environment, AwsAccess access) =>
        _variables.Select(environment).FirstOrDefault(name => !string.IsNullOrWhiteSpace(name)) ?? access.CallerArn;
}
