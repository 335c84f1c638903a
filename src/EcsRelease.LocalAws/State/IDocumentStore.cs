using System.Text.Json.Nodes;

namespace EcsRelease.LocalAws.State;

/// <summary>
/// The durable state: JSON documents by kind and key. A write is on disk when the call returns, so what a
/// caller was told is there after kill -9. Documents handed out are copies; changing one changes nothing.
/// </summary>
public interface IDocumentStore
{
    JsonObject? Get(string kind, string key);

    /// <summary>Documents whose key starts with <paramref name="keyPrefix"/>, in ordinal order of their keys.</summary>
    IReadOnlyList<JsonObject> List(string kind, string keyPrefix = "");

    /// <summary>Whether a document's key starts with <paramref name="keyPrefix"/>; reads none.</summary>
    bool Any(string kind, string keyPrefix);

    void Put(string kind, string key, JsonObject document);

    bool Delete(string kind, string key);

    /// <summary>The next number of a sequence: 1, 2, 3 … Never handed out twice, restarts included.</summary>
    long Next(string sequence);

    /// <summary>All writes of <paramref name="work"/> happen or none does. Calls nest and exclude each other.</summary>
    T InTransaction<T>(Func<T> work);
}
