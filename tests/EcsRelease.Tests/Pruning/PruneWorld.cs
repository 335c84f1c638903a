using EcsRelease.Tests.Deployments;

namespace EcsRelease.Tests.Pruning;

/// <summary>A generated account: families, services with their past, tasks, rules, schedules, and a repository. It knows
/// by how it was made what is needed, which prune has to find out by asking.</summary>
internal sealed class PruneWorld
{
    public const string Family = "orders";
    public const string Repository = "shop/orders";
    public const string Host = "123456789012.dkr.ecr.eu-west-1.amazonaws.com";
    private const int KeepDays = 30;
    private readonly Random _random;

    public PruneWorld(int seed, int revisions, int images)
    {
        _random = new(seed);
        MakeRevisions(revisions);
        MakeOthers(Math.Max(1, revisions / 4));
        while (Images.Count < images)
            AddImage([], pushedDaysAgo: _random.Next(400));
        MakeServices(Math.Clamp(revisions / 10, 2, 40));
        MakeTasksAndSchedules(Math.Clamp(revisions / 20, 1, 30));
    }

    public sealed record Revision(string Family, int Number, string? Commit, int DaysOld, string Image, string Digest, bool HasTags)
    {
        public string Name => $"{Family}:{Number}";

        public string Status { get; set; } = "ACTIVE";
    }

    public sealed record Image(string Digest, List<string> Tags, int DaysOld, List<string> Children, string? Subject);

    public sealed record Deployment(string Arn, string Target, string? Source, string Status);

    public sealed record Service(string Cluster, string Name)
    {
        public string Live { get; set; } = "";

        public List<Deployment> Past { get; } = [];
    }

    public static DateTimeOffset Now => JumpingTime.Start;

    public List<Revision> Revisions { get; } = [];

    public List<Image> Images { get; } = [];

    public List<Service> Services { get; } = [];

    public List<(string Cluster, string Definition, string Digest)> Tasks { get; } = [];

    /// <summary>What rules start, `family` or `family:revision`.</summary>
    public List<string> Rules { get; } = [];

    /// <summary>What schedules start; a universal one names it in its input.</summary>
    public List<(string Definition, bool IsUniversal)> Schedules { get; } = [];

    public IEnumerable<Revision> Own => Revisions.Where(revision => revision.Family == Family);

    /// <summary>Revisions of the family that something names, or that belong to the window.</summary>
    public HashSet<string> NeededRevisions(int keep)
    {
        var active = Own.Where(revision => revision.Status == "ACTIVE").OrderByDescending(revision => revision.Number).ToList();
        var needed = Services.SelectMany(service => service.Past.SelectMany(past => new[] { past.Target, past.Source }).Append(service.Live))
            .Concat(Tasks.Select(task => task.Definition)).Concat(Rules).Concat(Schedules.Select(schedule => schedule.Definition))
            .OfType<string>().ToHashSet();
        if (needed.Contains(Family) && active.Count > 0)
            needed.Add(active[0].Name);
        needed.UnionWith(active.Take(keep).Select(revision => revision.Name));
        needed.UnionWith(Own.Where(revision => revision.DaysOld < KeepDays).Select(revision => revision.Name));
        var commits = new HashSet<string>();
        foreach (var revision in active.Where(each => each.Commit is not null && !EndedBadly(each.Name)))
        {
            if (commits.Count < keep && commits.Add(revision.Commit!))
                needed.Add(revision.Name);
        }
        return needed;
    }

    /// <summary>Images that may go: everything stays that something named, and what hangs on it.</summary>
    public HashSet<string> UnneededImages(HashSet<string> neededRevisions)
    {
        var pruned = Own.Where(revision => !neededRevisions.Contains(revision.Name)).ToList();
        var commits = pruned.Select(revision => revision.Commit).OfType<string>().ToHashSet();
        var roots = pruned.Select(revision => revision.Digest).ToHashSet();
        var going = Images.Where(image => roots.Contains(image.Digest)).SelectMany(Whole).Select(image => image.Digest).ToHashSet();
        var used = Revisions.Where(revision => revision.Family == Family ? neededRevisions.Contains(revision.Name) : revision.Status == "ACTIVE" || IsUsed(revision.Name))
            .Select(revision => revision.Digest).Concat(Tasks.Select(task => task.Digest)).ToHashSet();
        going.RemoveWhere(digest => used.Contains(digest)
            || Images.Single(image => image.Digest == digest) is var image && (image.DaysOld < KeepDays || image.Tags.Any(tag => !commits.Contains(tag) && (image.Tags.Count > 1 || !roots.Contains(digest)))));
        for (var before = -1; before != going.Count;)
        {
            before = going.Count;
            foreach (var image in Images)
            {
                if (!going.Contains(image.Digest))
                    going.ExceptWith(image.Children.Append(image.Subject).OfType<string>());
                if (image.Subject is { } subject && !going.Contains(subject))
                    going.Remove(image.Digest);
            }
        }
        return going;
    }

    private bool IsUsed(string name) => Services.Any(service => service.Live == name || service.Past.Any(past => past.Target == name || past.Source == name))
        || Tasks.Any(task => task.Definition == name) || Rules.Contains(name) || Schedules.Any(schedule => schedule.Definition == name);

    private IEnumerable<Image> Whole(Image image) =>
        image.Children.Append(image.Digest).SelectMany(digest => Images.Where(each => each.Digest == digest || each.Subject == digest));

    private bool EndedBadly(string name)
    {
        var ends = Services.SelectMany(service => service.Past).Where(past => past.Target == name).Select(past => past.Status).ToList();
        return ends.Count > 0 && ends.TrueForAll(status => status is "ROLLBACK_SUCCESSFUL" or "STOPPED");
    }

    private void MakeRevisions(int count)
    {
        Revision? last = null;
        for (var number = 1; number <= count; number++)
        {
            var days = (count - number) * 400 / count;
            var sameAgain = last is not null && _random.Next(10) == 0;
            var commit = sameAgain && last!.Commit is not null ? last.Commit : Hex(40);
            var digest = sameAgain ? last!.Digest : AddRelease(commit, days).Digest;
            var isTagged = _random.Next(10) > 0;
            var byDigest = sameAgain ? last!.Image.Contains('@') : _random.Next(3) == 0;
            last = new(Family, number, isTagged || !byDigest ? commit : null, days, sameAgain ? last!.Image : $"{Host}/{Repository}{(byDigest ? "@" + digest : ":" + commit)}", digest, isTagged)
            {
                Status = _random.Next(8) == 0 ? "INACTIVE" : "ACTIVE",
            };
            Revisions.Add(last);
        }
    }

    /// <summary>An image as builders push it: a manifest, or an index with two children; some are signed.</summary>
    private Image AddRelease(string commit, int days)
    {
        var children = _random.Next(2) == 0 ? Enumerable.Range(0, 2).Select(_ => AddImage([], days)).Select(image => image.Digest).ToList() : [];
        var image = AddImage([commit], days, children);
        if (_random.Next(12) == 0)
            image.Tags.Add("latest-" + Hex(6));
        if (_random.Next(12) == 0)
            image.Tags.Add(Hex(40));
        for (var signatures = _random.Next(4) - 1; signatures > 0; signatures--)
            AddImage(_random.Next(20) == 0 ? ["release-notes-" + Hex(6)] : [], days, subject: _random.Next(4) == 0 && children.Count > 0 ? children[0] : image.Digest);
        return image;
    }

    private void MakeOthers(int count)
    {
        var own = Own.ToList();
        for (var number = 1; number <= count; number++)
        {
            var shared = own[_random.Next(own.Count)];
            var isShared = _random.Next(3) == 0;
            var image = !isShared ? $"{Host}/shop/other:{Hex(40)}" : _random.Next(2) == 0 ? shared.Image : $"{Host}/{Repository}@{shared.Digest}";
            Revisions.Add(new($"worker{number % 5}", number, null, 100, image, isShared ? shared.Digest : "sha256:" + Hex(64), false)
            {
                Status = _random.Next(4) == 0 ? "INACTIVE" : "ACTIVE",
            });
        }
    }

    private void MakeServices(int count)
    {
        for (var number = 0; number < count; number++)
        {
            var service = number == 0 ? new Service("production", Family) : new Service(_random.Next(2) == 0 ? "production" : "staging", $"service{number}");
            service.Live = number == 0 ? Own.Last(revision => revision.Status == "ACTIVE").Name : Any().Name;
            for (var past = _random.Next(4); past > 0; past--)
                service.Past.Add(new($"arn:aws:ecs:eu-west-1:123456789012:service-deployment/{service.Cluster}/{service.Name}/{Hex(20)}",
                    Any().Name, _random.Next(3) == 0 ? null : Any().Name, _random.Next(3) == 0 ? "ROLLBACK_SUCCESSFUL" : "SUCCESSFUL"));
            Services.Add(service);
        }
    }

    private void MakeTasksAndSchedules(int count)
    {
        for (var number = 0; number < count; number++)
        {
            var task = Any();
            Tasks.Add(("production", task.Name, task.Digest));
            Rules.Add(_random.Next(4) == 0 ? Any().Family : Any().Name);
            Schedules.Add((_random.Next(4) == 0 ? Any().Family : Any().Name, _random.Next(2) == 0));
        }
    }

    private Revision Any() => Revisions[_random.Next(Revisions.Count)];

    private Image AddImage(List<string> tags, int pushedDaysAgo, List<string>? children = null, string? subject = null)
    {
        var image = new Image("sha256:" + Hex(64), tags, pushedDaysAgo, children ?? [], subject);
        Images.Add(image);
        return image;
    }

    private string Hex(int length) => new(_random.GetItems<char>("0123456789abcdef", length));
}
