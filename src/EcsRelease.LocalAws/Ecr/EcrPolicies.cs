using System.Text.Json;
using System.Text.Json.Nodes;
using EcsRelease.LocalAws.Http;
using EcsRelease.LocalAws.State;

namespace EcsRelease.LocalAws.Ecr;

/// <summary>Policies of repositories and registry, and replication: kept and shown. No permission is checked by them, and nothing is
/// replicated.</summary>
internal sealed class EcrPolicies(IDocumentStore documents, EcrRepositories repositories)
{
    private const string Kind = "ecr.policy";
    private const string RegistryKind = "ecr.registry";

    public JsonObject Get(string repository) => OfRepository(repository, Kept(repository));

    public JsonObject Set(string repository, JsonObject input)
    {
        documents.Put(Kind, repository, Checked(input));
        return Get(repository);
    }

    public JsonObject Delete(string repository)
    {
        var kept = Kept(repository);
        documents.Delete(Kind, repository);
        return OfRepository(repository, kept);
    }

    /// <summary>Nobody asks whether there is one.</summary>
    public void Forget(string repository) => documents.Delete(Kind, repository);

    public JsonObject Get() => OfRegistry(KeptOfRegistry());

    public JsonObject Set(JsonObject input)
    {
        documents.Put(RegistryKind, "policy", Checked(input));
        return Get();
    }

    public JsonObject Delete()
    {
        var kept = KeptOfRegistry();
        documents.Delete(RegistryKind, "policy");
        return OfRegistry(kept);
    }

    public JsonObject DescribeRegistry() => new()
    {
        ["registryId"] = repositories.Registry,
        ["replicationConfiguration"] = documents.Get(RegistryKind, "replication") ?? new JsonObject { ["rules"] = new JsonArray() },
    };

    public JsonObject PutReplication(JsonObject input)
    {
        var configuration = input.Object("replicationConfiguration") ?? throw EcrErrors.Invalid("replicationConfiguration", "Member must not be null");
        foreach (var destination in configuration.Objects("rules").SelectMany(rule => rule.Objects("destinations")))
        {
            destination.RequiredText("region");
            destination.RequiredText("registryId");
        }

        documents.Put(RegistryKind, "replication", configuration);
        return new JsonObject { ["replicationConfiguration"] = configuration.DeepClone() };
    }

    private JsonObject Kept(string repository) => documents.Get(Kind, repository)
        ?? throw new AwsException("RepositoryPolicyNotFoundException", $"Repository policy does not exist for the repository with name '{repository}' in the registry with id '{repositories.Registry}'");

    private JsonObject KeptOfRegistry() => documents.Get(RegistryKind, "policy")
        ?? throw new AwsException("RegistryPolicyNotFoundException", $"Registry policy does not exist in the registry with id '{repositories.Registry}'");

    private JsonObject OfRepository(string repository, JsonObject kept) => new()
    {
        ["registryId"] = repositories.Registry, ["repositoryName"] = repository, ["policyText"] = kept["policyText"]!.DeepClone(),
    };

    private JsonObject OfRegistry(JsonObject kept) => new() { ["registryId"] = repositories.Registry, ["policyText"] = kept["policyText"]!.DeepClone() };

    private static JsonObject Checked(JsonObject input)
    {
        var text = input.RequiredText("policyText");
        try
        {
            if (JsonNode.Parse(text) is JsonObject)
                return new JsonObject { ["policyText"] = text };
        }
        catch (JsonException)
        {
        }

        throw EcrErrors.Invalid("PolicyText", "Invalid repository policy provided");
    }
}
