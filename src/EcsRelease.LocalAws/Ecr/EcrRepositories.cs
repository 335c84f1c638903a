using System.Text.Json.Nodes;
using EcsRelease.LocalAws.Registry;
using EcsRelease.LocalAws.State;

namespace EcsRelease.LocalAws.Ecr;

/// <summary>The repositories, and which blobs each of them has. Bytes are shared, possession is not.</summary>
public sealed class EcrRepositories(IDocumentStore documents, LocalAwsSettings settings, ServerAddress address)
{
    private const string Kind = "ecr.repository";
    private const string BlobKind = "ecr.blob";

    public string Registry => settings.Account;

    /// <summary>As DescribeRepositories shows it; null when there is none.</summary>
    public JsonObject? Find(string name) => documents.Get(Kind, name) is { } kept ? Complete(kept) : null;

    public JsonObject Get(string name) => Find(name) ?? throw EcrErrors.RepositoryNotFound(name, Registry);

    public IEnumerable<JsonObject> All() => documents.List(Kind).Select(Complete);

    public void Save(JsonObject repository)
    {
        var kept = repository.DeepClone().AsObject();
        // The port may be another one after a restart.
        kept.Remove("repositoryUri");
        documents.Put(Kind, NameOf(repository), kept);
    }

    public void Delete(string name)
    {
        documents.Delete(Kind, name);
        foreach (var digest in BlobsOf(name))
            documents.Delete(BlobKind, $"{name}@{digest}");
    }

    public bool HasBlob(string name, string digest) => documents.Get(BlobKind, $"{name}@{digest}") is not null;

    public long? BlobSize(string name, string digest) => documents.Get(BlobKind, $"{name}@{digest}")?["size"]?.GetValue<long>();

    public void AddBlob(string name, string digest, long size) =>
        documents.Put(BlobKind, $"{name}@{digest}", new JsonObject { ["digest"] = digest, ["size"] = size });

    public void RemoveBlob(string name, string digest) => documents.Delete(BlobKind, $"{name}@{digest}");

    public IReadOnlySet<string> AllBlobs() => documents.List(BlobKind).Select(blob => blob["digest"]!.GetValue<string>()).ToHashSet();

    public string ArnOf(string name) => $"arn:aws:ecr:{settings.Region}:{settings.Account}:repository/{name}";

    public static string NameOf(JsonObject repository) => repository["repositoryName"]!.GetValue<string>();

    internal static TagMutability MutabilityOf(JsonObject repository) => TagMutability.Read(repository);

    private IEnumerable<string> BlobsOf(string name) => documents.List(BlobKind, name + "@").Select(blob => blob["digest"]!.GetValue<string>());

    private JsonObject Complete(JsonObject kept)
    {
        kept["repositoryUri"] = $"{address.Host}/{NameOf(kept)}";
        return kept;
    }
}
