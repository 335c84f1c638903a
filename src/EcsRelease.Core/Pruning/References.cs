namespace EcsRelease.Pruning;

/// <summary>Everything that was found to refer to a revision or to an image, each with what it is that does, and what
/// could not be looked at.</summary>
internal sealed class References
{
    private readonly Dictionary<string, List<string>> _revisions = new(StringComparer.Ordinal);
    private readonly Dictionary<string, List<string>> _digests = new(StringComparer.Ordinal);
    private readonly List<(NamedImage Image, string By)> _images = [];
    private readonly List<UnreadSource> _unread = [];
    private readonly Dictionary<string, bool> _ends = new(StringComparer.Ordinal);

    /// <summary>ARNs of the revisions that were listed, of all families; one that is not among them came later.</summary>
    public HashSet<string> Read { get; } = new(StringComparer.Ordinal);

    public IReadOnlyList<UnreadSource> Unread => _unread;

    /// <summary>`FAMILY:REVISION` of whatever is referred to, of all families; a family alone stands for its latest revision.</summary>
    public IEnumerable<string> Revisions => _revisions.Keys;

    public IEnumerable<(NamedImage Image, string By)> Images => _images;

    public IEnumerable<KeyValuePair<string, List<string>>> Digests => _digests;

    /// <param name="taskDefinition">ARN or `FAMILY:REVISION`; without a revision the latest ACTIVE one is meant.</param>
    public void AddRevision(string? taskDefinition, string by)
    {
        if (taskDefinition is { Length: > 0 })
            Add(_revisions, FamilyRevision.NameOf(taskDefinition), by);
    }

    public void AddDigest(string? digest, string by)
    {
        if (digest is { Length: > 0 })
            Add(_digests, digest, by);
    }

    public void AddImage(string image, string by) => _images.Add((NamedImage.Of(image), by));

    public void AddUnread(UnreadSource source)
    {
        if (!_unread.Contains(source))
            _unread.Add(source);
    }

    /// <summary>How a service deployment of the revision ended; one good end counts for all.</summary>
    public void AddEnd(string taskDefinition, bool isGood)
    {
        var name = FamilyRevision.NameOf(taskDefinition);
        _ends[name] = isGood || _ends.GetValueOrDefault(name);
    }

    /// <summary>It was deployed in the last 90 days, and never well.</summary>
    public bool HasOnlyEndedBadly(FamilyRevision revision) => _ends.TryGetValue(revision.Name, out var isGood) && !isGood;

    /// <param name="isLatest">It is the latest ACTIVE one of its family.</param>
    public IEnumerable<string> To(FamilyRevision revision, bool isLatest)
    {
        var named = _revisions.GetValueOrDefault(revision.Name, []);
        return isLatest ? named.Concat(_revisions.GetValueOrDefault(FamilyRevision.FamilyOf(revision.Name), []).Select(by => $"{by} (the latest revision)")) : named;
    }

    /// <summary>What was found in another account or region: images only, since its revisions are others.</summary>
    public void AddElsewhere(References there, string where)
    {
        foreach (var (digest, by) in there.Digests)
            AddDigest(digest, by[0] + where);
        _images.AddRange(there.Images);
        foreach (var source in there.Unread)
            AddUnread(source with { What = source.What + where, OnlyImages = true });
    }

    private static void Add(Dictionary<string, List<string>> to, string key, string by)
    {
        if (!to.TryGetValue(key, out var all))
            to[key] = all = [];
        if (!all.Contains(by))
            all.Add(by);
    }
}

/// <summary>A source of references that could not be read: all that it could refer to is kept.</summary>
/// <param name="What">e.g. `EventBridge rules`.</param>
/// <param name="Action">The IAM action that reads it.</param>
/// <param name="Why">AWS's own words.</param>
/// <param name="OnlyImages">It could refer to images, not to a revision of the family.</param>
internal sealed record UnreadSource(string What, string Action, string Why, bool OnlyImages = false)
{
    public string Reason => $"{What} could not be read ({Action})";
}
