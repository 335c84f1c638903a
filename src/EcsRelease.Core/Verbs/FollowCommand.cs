using System.Text;
using EcsRelease.Deployments;

namespace EcsRelease.Verbs;

/// <summary>The command lines that act on a deployment from another shell, to be pasted as they are.</summary>
public static class FollowCommand
{
    public static string For(ReleaseOptions options, string service) => Of("wait", options, service);

    /// <param name="services">Names that ECS takes: they need no quotes.</param>
    public static string ForMany(ReleaseOptions options, IReadOnlyList<string> services) => Of($"wait {string.Join(' ', services)}", options, null);

    /// <summary>The rollout with the commands that find its service by the options of this run.</summary>
    internal static StartedRollout WithCommands(this StartedRollout rollout, ReleaseOptions options) => rollout with
    {
        FollowCommand = Of("wait", options, rollout.Service),
        ContinueCommand = Of("continue", options, rollout.Service),
        RollbackCommand = Of("stop", options, rollout.Service),
    };

    /// <param name="verb">With its arguments.</param>
    internal static string Of(string verb, ReleaseOptions options, string? service)
    {
        var command = new StringBuilder($"ecs-release {verb} --cluster {ShellWord.Of(options.Cluster)}");
        if (service is not null)
            command.Append(" --service ").Append(ShellWord.Of(service));
        if (options.Target == TargetKind.Local)
            return command.Append(" --target local").ToString();
        (string Flag, string? Value)[] flags = [("--region", options.Region), ("--profile", options.Profile), ("--role-arn", options.RoleArn)];
        foreach (var (flag, value) in flags)
            if (value is not null)
                command.Append(' ').Append(flag).Append(' ').Append(ShellWord.Of(value));
        return command.ToString();
    }
}
