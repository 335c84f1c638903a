using System.Text;

namespace EcsRelease.Tool.Commands;

/// <summary>The command line that follows a deployment from another shell, to be pasted as it is.</summary>
internal static class FollowCommand
{
    public static string For(ReleaseOptions options, string cluster, string service, string region)
    {
        var command = new StringBuilder($"ecs-release wait --cluster {cluster} --service {service}");
        if (options.Target == TargetKind.Local)
            return command.Append(" --target local").ToString();
        command.Append(" --region ").Append(region);
        if (options.Profile is { } profile)
            command.Append(" --profile ").Append(profile);
        if (options.RoleArn is { } role)
            command.Append(" --role-arn ").Append(role);
        return command.ToString();
    }
}
