using EcsRelease.TaskDefinitions;

namespace EcsRelease.Pruning;

/// <param name="Reason">Why it is kept, or what it was.</param>
/// <param name="Of">Names of the pruned revisions that named it, or what it belongs to.</param>
internal sealed record ImageDecision(StoredImage Image, bool IsKept, string Reason, IReadOnlyList<string> Of);

/// <summary>Which images go: those that a pruned revision of the family named, with the children of their indexes and
/// their referrers, unless anything that stays needs one of them. Images that no pruned revision named are not looked
/// at: others (functions, clusters elsewhere) may use them.</summary>
/// <param name="images">Everything in the repository.</param>
/// <param name="repository">Its name, without host.</param>
/// <param name="isHere">Whether an image as a container names it is of this repository, not of one of that name elsewhere.</param>
internal sealed class ImageChoice(IReadOnlyList<StoredImage> images, string repository, Func<string, bool> isHere, IReadOnlyList<RevisionDecision> revisions, References references, PruneRules rules, DateTimeOffset now)
{
    private readonly Dictionary<string, StoredImage> byDigest = images.ToDictionary(image => image.Digest);
    private readonly Dictionary<string, string> byTag = images.SelectMany(image => image.Tags.Select(tag => (tag, image.Digest))).GroupBy(each => each.tag).ToDictionary(group => group.Key, group => group.First().Digest);
    private readonly ILookup<string, StoredImage> parents = images.SelectMany(image => image.Children.Select(child => (child, image))).ToLookup(each => each.child, each => each.image);
    private readonly ILookup<string, StoredImage> referrers = images.SelectMany(image => image.Subjects.Select(subject => (subject, image))).ToLookup(each => each.subject, each => each.image);
    private readonly Dictionary<string, List<string>> named = [];
    private readonly HashSet<string> prunedTags = new(StringComparer.Ordinal);
    private readonly HashSet<string> prunedCommits = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> needed = [];

    /// <summary>Decides; images that no pruned revision named are left out. In the order in which they can be deleted.</summary>
    public IReadOnlyList<ImageDecision> Decide()
    {
        ReadRevisions();
        ReadReferences();
        var order = Parts();
        var kept = new Dictionary<string, string>();
        foreach (var image in order)
            if (WhyKept(image) is { } reason)
                kept[image.Digest] = reason;
        SpreadKept(order, kept);
        return [.. order.Select(image => kept.TryGetValue(image.Digest, out var reason) ? new ImageDecision(image, true, reason, Owners(image)) : new(image, false, WhatItWas(image), Owners(image)))];
    }

    /// <summary>The digests that a name means here: the digest it pins, else what its tag is now.</summary>
    private IEnumerable<string> Meant(NamedImage image)
    {
        // A digest says which image it is under any name.
        if (image.Digest is { } digest)
            yield return digest;
        if (image.Repository == repository && image.Tag is { } tag && byTag.TryGetValue(tag, out var tagged))
            yield return tagged;
    }

    private void ReadRevisions()
    {
        foreach (var (revision, isKept, _) in revisions)
        {
            if (isKept)
            {
                foreach (var digest in revision.Images.Select(NamedImage.Of).SelectMany(Meant).Append(revision.Digest).OfType<string>())
                    needed.TryAdd(digest, $"{revision.Name} names it");
                continue;
            }
            var here = revision.Images.Where(isHere).Select(NamedImage.Of).ToList();
            if (here.Count == 0)
                continue;
            if (revision.Commit is { } commit)
                prunedCommits.Add(commit);
            prunedTags.UnionWith(here.Select(image => image.Tag).OfType<string>());
            // Where a tag moved on, the image that the revision ran is the one that its release wrote down.
            var own = revision.Digest is { } recorded && byDigest.ContainsKey(recorded) ? [recorded] : here.SelectMany(Meant);
            foreach (var digest in own.Where(byDigest.ContainsKey).Distinct())
                (named.TryGetValue(digest, out var all) ? all : named[digest] = []).Add(revision.Name);
        }
    }

    private void ReadReferences()
    {
        foreach (var (digest, by) in references.Digests)
            needed.TryAdd(digest, by[0]);
        foreach (var (image, by) in references.Images)
            foreach (var digest in Meant(image))
                needed.TryAdd(digest, by);
    }

    /// <summary>Candidates with all that belongs to them: referrers before what they refer to (else nothing would tell
    /// of them any more), an index before its children (ECR refuses the other order).</summary>
    private List<StoredImage> Parts()
    {
        var order = new List<StoredImage>();
        var seen = new HashSet<string>();
        void Add(StoredImage image)
        {
            if (!seen.Add(image.Digest))
                return;
            foreach (var referrer in image.Children.Append(image.Digest).SelectMany(digest => referrers[digest]))
                Add(referrer);
            foreach (var parent in parents[image.Digest].Where(parent => named.ContainsKey(parent.Digest)))
                Add(parent);
            order.Add(image);
            foreach (var child in image.Children.Select(digest => byDigest.GetValueOrDefault(digest)).OfType<StoredImage>())
                if (parents[child.Digest].All(parent => seen.Contains(parent.Digest) || !named.ContainsKey(parent.Digest)))
                    Add(child);
        }
        foreach (var image in images.Where(image => named.ContainsKey(image.Digest)))
            Add(image);
        return order;
    }

    private string? WhyKept(StoredImage image)
    {
        if (needed.TryGetValue(image.Digest, out var by))
            return by;
        if (image.PushedAt is not { } at)
            return "its age is not known";
        if (at >= rules.YoungSince(now))
            return $"pushed less than {RevisionChoice.Days(rules.KeepDays)} ago";
        if (references.Unread is [var unread, ..])
            return $"{unread.Reason} and may refer to it";
        return image.Tags.FirstOrDefault(tag => !IsOfPrunedRevision(image, tag)) is { } tagged ? $"also tagged '{tagged}'" : null;
    }

    /// <summary>A tag that a pruned revision's commit explains. Any other one, a moving tag or a commit that is being
    /// released only now, has a use that is not ours to know.</summary>
    private bool IsOfPrunedRevision(StoredImage image, string tag)
    {
        if (ImageName.Commit($"{repository}:{tag}") is not { } commit)
            return !named.ContainsKey(image.Digest) && StoredImage.SubjectOfTag(tag) is not null;
        return prunedCommits.Contains(commit) || prunedTags.Contains(tag)
            // Named by digest in a revision without tags: then the only commit there is was its.
            || (named.ContainsKey(image.Digest) && image.Tags.Count == 1);
    }

    /// <summary>What a kept image needs stays: children of an index, what a referrer refers to, and its own referrers.</summary>
    private void SpreadKept(List<StoredImage> order, Dictionary<string, string> kept)
    {
        var going = order.Select(image => image.Digest).Where(digest => !kept.ContainsKey(digest)).ToHashSet();
        bool Stays(string digest) => byDigest.ContainsKey(digest) && !going.Contains(digest);
        for (var changed = true; changed;)
        {
            changed = false;
            foreach (var image in order.Where(image => going.Contains(image.Digest)))
            {
                var reason = parents[image.Digest].FirstOrDefault(parent => Stays(parent.Digest)) is { } parent ? $"part of {Short(parent)}, which is kept"
                    : referrers[image.Digest].FirstOrDefault(each => Stays(each.Digest)) is { } referrer ? $"its referrer {Short(referrer)} is kept"
                    : image.Subjects.FirstOrDefault(Stays) is { } subject ? $"refers to {Short(byDigest[subject])}, which is kept"
                    : null;
                if (reason is null)
                    continue;
                kept[image.Digest] = reason;
                going.Remove(image.Digest);
                changed = true;
            }
        }
    }

    private List<string> Owners(StoredImage image) =>
    [
        .. parents[image.Digest].Select(parent => parent.Digest).Concat(image.Subjects).Append(image.Digest)
            .SelectMany(digest => named.GetValueOrDefault(digest, [])).Distinct(),
    ];

    private string WhatItWas(StoredImage image) =>
        named.TryGetValue(image.Digest, out var by) ? $"of {by[0]}{(by.Count > 1 ? $" and {by.Count - 1} more" : "")}"
        : parents[image.Digest].FirstOrDefault() is { } parent ? $"part of {Short(parent)}"
        : $"refers to {image.Subjects.Select(digest => digest[..19]).First()}";

    // A tag says more than a digest.
    private static string Short(StoredImage image) => image.Tags is [var tag, ..] ? $"'{tag}'" : image.Digest[..19];
}
