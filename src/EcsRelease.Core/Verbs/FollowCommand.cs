using System.Text;

namespace EcsRelease.Verbs;

/// <summary>The command line that follows a deployment from another shell, to be pasted as it is.</summary>
public static class FollowCommand
{
    public static string For(ReleaseOptions options, string service)
    {
        var command = new StringBuilder($"ecs-release wait --cluster {ShellWord.Of(options.Cluster)} --service {ShellWord.Of(service)}");
        if (options.Target == TargetKind.Local)
            return command.Append(" --target local").ToString();
        (string Flag, string? Value)[] flags = [("--region", options.Region), ("--profile", options.Profile), ("--role-arn", options.RoleArn)];
        foreach (var (flag, value) in flags)
            if (value is not null)
                command.Append(' ').Append(flag).Append(' ').Append(ShellWord.Of(value));
        return command.ToString();
    }
}
