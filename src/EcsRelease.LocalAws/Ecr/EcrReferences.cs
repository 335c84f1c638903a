using System.Text.Json.Nodes;
using EcsRelease.LocalAws.State;

namespace EcsRelease.LocalAws.Ecr;

internal enum ReferenceRole
{
    /// <summary>Config or layer of an image.</summary>
    Blob,

    /// <summary>A manifest of an index.</summary>
    Child,

    /// <summary>What a signature or another artifact is about.</summary>
    Subject,
}

/// <summary>Which manifests of a repository name a digest, found by that digest: a repository may have thousands of images.</summary>
internal sealed class EcrReferences(IDocumentStore documents)
{
    private const string Kind = "ecr.reference";

    /// <summary>Its one document says that all manifests were entered: states of older versions have none.</summary>
    private const string CompleteKind = "ecr.references";

    public IEnumerable<string> To(string repository, string digest, ReferenceRole role) =>
        documents.List(Kind, Prefix(repository, digest, role)).Select(reference => reference["by"]!.GetValue<string>());

    public bool Any(string repository, string digest, ReferenceRole role) => documents.Any(Kind, Prefix(repository, digest, role));

    public void Add(string repository, Manifest manifest)
    {
        foreach (var (digest, role) in Of(manifest))
            documents.Put(Kind, Key(repository, digest, role, manifest.Digest), new JsonObject { ["by"] = manifest.Digest });
    }

    public void Remove(string repository, Manifest manifest)
    {
        foreach (var (digest, role) in Of(manifest))
            documents.Delete(Kind, Key(repository, digest, role, manifest.Digest));
    }

    /// <summary>Once for each state.</summary>
    public void Complete(Func<IEnumerable<(string Repository, Manifest Manifest)>> all) => documents.InTransaction(() =>
    {
        if (documents.Get(CompleteKind, "") is not null)
            return true;
        foreach (var (repository, manifest) in all())
            Add(repository, manifest);
        documents.Put(CompleteKind, "", new JsonObject());
        return true;
    });

    private static IEnumerable<(string Digest, ReferenceRole Role)> Of(Manifest manifest) =>
    [
        .. manifest.Blobs.Select(digest => (digest, ReferenceRole.Blob)),
        .. manifest.Children.Select(digest => (digest, ReferenceRole.Child)),
        .. manifest.Subject is { } subject ? [(subject, ReferenceRole.Subject)] : Array.Empty<(string, ReferenceRole)>(),
    ];

    private static string Key(string repository, string digest, ReferenceRole role, string by) => Prefix(repository, digest, role) + by;

    private static string Prefix(string repository, string digest, ReferenceRole role) => $"{repository}@{digest}@{role}@";
}
