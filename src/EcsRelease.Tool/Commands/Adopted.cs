using System.Text.Json;
using EcsRelease.Verbs;
using Spectre.Console;

namespace EcsRelease.Tool.Commands;

/// <summary>An adopted service as it is printed: what was written, and what to do now.</summary>
internal sealed class Adopted(Adoption adoption) : IVerbResult
{
    public int ExitCode => 0;

    public string ToJson() => JsonSerializer.Serialize(adoption, ReleaseRecord.Json);

    public void Print(IAnsiConsole results, IAnsiConsole failures)
    {
        results.WriteLine($"Adopted '{adoption.Service}' of cluster '{adoption.Cluster}' ({adoption.Account}/{adoption.Region})");
        results.WriteLine($"  {adoption.File}: {adoption.TaskDefinition.Split('/')[^1]}, container '{adoption.Container}' gets the image of a release");
        results.WriteLine(adoption.Properties.Count == 0
            ? $"  {adoption.Project}: nothing to set"
            : $"  {adoption.Project}: {string.Join(", ", adoption.Properties.Select(property => $"{property.Name}={property.Value}"))}");
        foreach (var warning in adoption.Warnings)
            failures.WriteLine($"warning {warning.Code}: {warning.Message}");
        results.WriteLine($"Commit both files. See what a release would change: {adoption.Next}");
    }
}
