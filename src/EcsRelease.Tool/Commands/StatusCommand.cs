using System.CommandLine;
namespace EcsRelease.Tool.Commands;
internal static class StatusCommand
{
    public static Command Create() => new("status", "Show what is live: commit, revision, deployment, task counts, image.");
}
