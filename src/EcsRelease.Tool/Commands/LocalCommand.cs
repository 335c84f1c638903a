using System.CommandLine;
namespace EcsRelease.Tool.Commands;
internal static class LocalCommand
{
    public static Command Create() => new("local", "The embedded local AWS.");
}
