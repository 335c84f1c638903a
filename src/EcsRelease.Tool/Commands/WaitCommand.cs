using System.CommandLine;
namespace EcsRelease.Tool.Commands;
internal static class WaitCommand
{
    public static Command Create() => new("wait", "Follow the deployment that runs now to its end, as deploy would.");
}
