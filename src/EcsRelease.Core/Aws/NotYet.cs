namespace EcsRelease.Aws;

/// <summary>Refusals of ECS that pass within a minute: what the request names was just made or is about to be gone
/// (ecs-api.md 1). Nothing was done, so any operation may be asked again.</summary>
internal static class NotYet
{
    public static readonly TimeSpan Pause = TimeSpan.FromSeconds(5);

    /// <summary>A minute in all, as long as IAM takes to show a new role everywhere. A role that is really wrong is
    /// refused after it.</summary>
    public const int Pauses = 12;

    private static readonly (string Code, string Text)[] s_refusals =
    [
        ("ClientException", "ECS was unable to assume the role"),
        ("InvalidParameterException", "Unable to Start a service that is still Draining"),
        ("InvalidParameterException", "Unable to assume the service linked role"),
    ];

    public static bool Is(AwsServiceException refusal) =>
        s_refusals.Any(known => refusal.ErrorCode == known.Code && refusal.Message.Contains(known.Text, StringComparison.OrdinalIgnoreCase));
}
