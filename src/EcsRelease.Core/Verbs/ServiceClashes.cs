namespace EcsRelease.Verbs;

/// <summary>What services of one run may not have in common, and what they must.</summary>
internal static class ServiceClashes
{
    /// <summary>What the options alone show.</summary>
    /// <exception cref="EcsReleaseException">ECSR1024, 1038.</exception>
    public static void Refuse(IReadOnlyList<WantedRelease> wanted)
    {
        foreach (var same in wanted.GroupBy(each => (each.Options.Region, Cluster(each), each.Service)).Where(same => same.Count() > 1))
            throw Twice([.. same]);
        var files = wanted.Select(each => (each.Options.RecordFile, Full: ReleaseReport.FileOf(each.Options, each.Project, each.Service))).Where(file => file.Full is not null);
        if (files.GroupBy(file => file.Full).FirstOrDefault(same => same.Count() > 1) is { } shared)
            throw Errors.RecordPathShared(shared.First().RecordFile!);
    }

    /// <summary>What the plans show: refusals are those of their services.</summary>
    /// <returns>The services without those that turned out to be others.</returns>
    public static List<OneOfMany> Checked(IReadOnlyList<OneOfMany> services, Action<Notice> warn)
    {
        var accounts = services.Select(each => each.Plan?.Access.Account).OfType<string>().Distinct().ToList();
        if (accounts.Count > 1)
            foreach (var each in services)
                each.Refuse(Errors.SeveralAccounts(accounts));
        foreach (var image in services.Where(each => each.Plan is not null).GroupBy(each => (each.Wanted.Project.ProjectFile, each.Plan!.Tag)))
            if (image.Select(each => each.Plan!.Platform).Distinct().ToList() is { Count: > 1 } platforms)
                foreach (var each in image)
                    each.Refuse(Errors.OneImageTwoPlatforms(Path.GetFileName(image.Key.ProjectFile), platforms));
        foreach (var image in services.Where(each => each.Plan is { NeedsBuild: true }).GroupBy(each => (each.Plan!.Access.Region, each.Plan.Repository.RegistryId, each.Plan.Repository.Name, each.Plan.Tag)))
            if (image.Select(each => each.Wanted.Project.ProjectFile).Distinct().ToList() is { Count: > 1 } projects)
                foreach (var each in image)
                    each.Refuse(Errors.OneTagTwoProjects($"{image.Key.Name}:{image.Key.Tag}", [.. projects.Select(Path.GetFileName).OfType<string>()]));
        var kept = new List<OneOfMany>();
        foreach (var same in services.GroupBy(each => (each.Plan?.Access.Region ?? each.Wanted.Options.Region, Cluster(each.Wanted), each.Wanted.Service)))
        {
            kept.Add(same.First());
            if (same.Count() == 1)
                continue;
            // A target may have one region only.
            if (same.Select(each => each.Wanted.Project.ProjectFile).Distinct().Count() == 1)
                warn(Errors.ServiceOnceHere(same.Key.Service, same.Key.Item1 ?? ""));
            else
                same.First().Refuse(Twice([.. same.Select(each => each.Wanted)]));
        }
        return kept;
    }

    /// <summary>How each is called where one name alone would mean several.</summary>
    public static IReadOnlyList<string> LabelsOf(IReadOnlyList<WantedRelease> wanted) =>
    [
        .. wanted.Select(each => wanted.Count(other => other.Service == each.Service) == 1
            ? each.Service
            : $"{each.Service} ({string.Join('/', new[] { each.Options.Region ?? "default region", Cluster(each) })})"),
    ];

    private static EcsReleaseException Twice(IReadOnlyList<WantedRelease> same) =>
        Errors.ServiceTwice(same[0].Service, same[0].Options.Cluster, same[0].Project.ProjectFile, same[1].Project.ProjectFile);

    private static string Cluster(WantedRelease wanted) => wanted.Options.Cluster.Split('/')[^1];
}
