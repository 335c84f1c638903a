using System.Text.Json;
using EcsRelease.Verbs;
using Spectre.Console;

namespace EcsRelease.Tool.Commands;

/// <summary>A status as it is printed.</summary>
internal sealed class Shown(ServiceStatus status) : IVerbResult
{
    public int ExitCode => 0;

    public string ToJson() => JsonSerializer.Serialize(status, ReleaseRecord.Json);

    public void Print(IAnsiConsole results, IAnsiConsole failures)
    {
        results.WriteLine($"Service '{status.Service}' in cluster '{status.Cluster}' ({status.Account}/{status.Region}): {status.State}, {status.Running} of {status.Desired} tasks run");
        Fact("commit", status.Commit is null ? "unknown" : status.Branch is null ? status.Commit : $"{status.Commit} ({status.Branch})");
        Fact("revision", status.TaskDefinition);
        Fact("image", status.Image);
        Fact("digest", status.Digest);
        Fact("owner", status.Owner);
        Fact("controller", status.Controller == "ECS" ? null : status.Controller);
        foreach (var each in status.Deployments)
            Fact("deployment", $"{each.Id} {each.Status} {each.State}: {each.TaskDefinition.Split('/')[^1]}, {each.Running} of {each.Desired} run{(each.Failed > 0 ? $", {each.Failed} failed" : "")}{(each.Reason is null ? "" : $"; {each.Reason}")}");
        foreach (var endpoint in status.Endpoints)
            Fact("address", endpoint);

        void Fact(string name, string? value)
        {
            if (value is not null)
                results.WriteLine($"  {name,-10} {value}");
        }
    }
}
