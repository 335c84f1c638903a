using EcsRelease.Git;
using EcsRelease.Verbs;

namespace EcsRelease.Tool.Rendering;

/// <summary>Statuses as lines for people.</summary>
internal static class StatusView
{
    // What goes first where the terminal is narrow has the highest number.
    private static readonly TextTableColumn[] Columns =
    [
        new("SERVICE"), new("STATE"), new("TASKS"), new("COMMIT"), new("SUBJECT", 1, IsCut: true), new("REVISION", 3), new("DEPLOYMENT", 2), new("AGE", 4), new("HEAD", 5), new("MADE", 6),
    ];

    /// <summary>One service in full.</summary>
    public static IEnumerable<string> Of(ServiceStatus status, DateTimeOffset now)
    {
        yield return $"Service '{status.Service}' in cluster '{status.Cluster}' ({status.Account}/{status.Region}): {status.State}, {status.Running} of {status.Desired} tasks run{(status.Pending > 0 ? $", {status.Pending} pending" : "")}";
        (string Name, string? Value)[] facts =
        [
            ("commit", status.Commit is null ? "unknown" : status.Branch is null ? status.Commit : $"{status.Commit} ({status.Branch})"),
            ("subject", status.Subject is null ? null : $"{status.Subject} ({status.Author})"),
            ("released", status.ReleasedAt is { } at ? AgeText.Ago(at, now) : null),
            ("head", Head(status)),
            ("revision", status.TaskDefinition),
            ("made", status.IsReleased == false ? "by hand or another tool, not by a release" : null),
            ("image", status.Image),
            ("digest", Digest(status)),
            ("runs", status.RunningDigest is { } runs && status.Digest is { } said && runs != said ? $"{runs}, not the digest of the revision" : null),
            ("owner", status.Owner),
            ("controller", status.Controller == "ECS" ? null : status.Controller),
            .. status.Deployments.Select(each => ("deployment", (string?)Deployment(each))),
            .. status.Endpoints.Select(each => ("address", (string?)each)),
        ];
        foreach (var (name, value) in facts.Where(fact => fact.Value is not null))
            yield return $"  {name,-10} {InertText.Of(value!)}";
    }

    /// <summary>Several services, one line each.</summary>
    public static IEnumerable<string> Table(IReadOnlyList<ServiceStatus> statuses, DateTimeOffset now, int width)
    {
        yield return $"Services in cluster '{statuses[0].Cluster}' ({statuses[0].Account}/{statuses[0].Region})";
        foreach (var line in TextTable.Lines(width, Columns, [.. statuses.Select(each => Row(each, now))]))
            yield return line;
    }

    /// <summary>One line for a log: what is new of a service.</summary>
    public static string Line(ServiceStatus status) => InertText.Of(status.Code is not null
        ? $"{status.Service}: {status.State}, {status.Code}"
        : $"{status.Service}: {status.State}, {status.Running} of {status.Desired} tasks run, {Short(status.Commit) ?? "commit unknown"} {Name(status)}, {Deployment(status)}{(status.IsReleased == false ? ", made by hand" : "")}");

    private static string[] Row(ServiceStatus status, DateTimeOffset now) => status.Code is not null
        ? [status.Service, status.State, "", "", status.Code, "", "", "", "", ""]
        :
        [
            status.Service, status.State, $"{status.Running}/{status.Desired}", Short(status.Commit) ?? "unknown", status.Subject ?? "", Name(status), Deployment(status),
            status.ReleasedAt is { } at ? AgeText.Of(now - at) : "", ShortHead(status.Head), status.IsReleased == false ? "by hand" : "",
        ];

    private static string Deployment(ServiceStatus status) => status.Deployments is [var primary, ..]
        ? $"{primary.State ?? primary.Status}{(primary.Failed > 0 ? $", {primary.Failed} failed" : "")}"
        : "";

    private static string Deployment(DeploymentStatus each) =>
        $"{each.Id} {each.Status} {each.State}: {each.TaskDefinition.Split('/')[^1]}, {each.Running} of {each.Desired} run{(each.Failed > 0 ? $", {each.Failed} failed" : "")}{(each.Reason is null ? "" : $"; {each.Reason}")}";

    private static string? Digest(ServiceStatus status) => (status.Digest, status.RunningDigest) switch
    {
        (null, { } runs) => $"{runs} (running)",
        ({ } said, { } runs) when said == runs => $"{said} (running)",
        ({ } said, _) => said,
        _ => null,
    };

    private static string? Head(ServiceStatus status) => status.Head switch
    {
        { Commit: { } head } drift => $"{Short(head)} {Words(drift)}",
        _ => null,
    };

    private static string Words(HeadDrift drift) => drift.State switch
    {
        "equal" => "is the live commit",
        "ahead" => $"is {Commits(drift.Ahead)} ahead of the live one",
        "behind" => $"is {Commits(drift.Behind)} behind the live one",
        "diverged" => $"is on another line: {Commits(drift.Ahead)} that are not live, and {drift.Behind} live that it lacks",
        _ => $"compared with the live commit: unknown, {drift.Unknown}",
    };

    private static string Commits(int? count) => count == 1 ? "1 commit" : $"{count} commits";

    private static string ShortHead(HeadDrift? drift) => drift?.State switch
    {
        null or "unknown" => "",
        "equal" => "equal",
        "ahead" => $"+{drift.Ahead}",
        "behind" => $"-{drift.Behind}",
        _ => $"+{drift.Ahead} -{drift.Behind}",
    };

    private static string Name(ServiceStatus status) => status.TaskDefinition?.Split('/')[^1] ?? "";

    private static string? Short(string? commit) => commit is { Length: > 7 } ? commit[..7] : commit;
}
