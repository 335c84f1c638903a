using System.Text.Json.Nodes;

namespace EcsRelease.LocalAws.State;

/// <summary>Stands in for Secrets Manager and Parameter Store. Values lie in the state database, which only its owner can read.</summary>
public sealed class SecretStore(IDocumentStore documents) : ISecretStore
{
    private const string Kind = "local.secret";

    public string? Get(string valueFrom) => documents.Get(Kind, valueFrom)?["value"]?.GetValue<string>();

    public void Set(string valueFrom, string value) => documents.Put(Kind, valueFrom, new JsonObject { ["value"] = value });
}
