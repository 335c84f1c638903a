using System.Text;
using System.Text.Json.Nodes;
using EcsRelease.LocalAws.Http;
using EcsRelease.LocalAws.Registry;
using EcsRelease.LocalAws.State;

namespace EcsRelease.LocalAws.Ecr;

/// <summary>ECR's control plane (ECR API Reference, 2015-09-21): repositories, their settings and tags, the registry token.</summary>
internal sealed class EcrService(
    EcrRepositories repositories, EcrImages images, EcrImageOperations imageOperations, EcrPolicies policies, EcrTokens tokens, IDocumentStore documents,
    ServerAddress address, TimeProvider time) : IAwsJsonService
{
    internal const string SettingKind = "ecr.setting";

    public string TargetPrefix => "AmazonEC2ContainerRegistry_V20150921";

    public Task<JsonObject> InvokeAsync(string operation, JsonObject input, AwsCaller caller, CancellationToken cancellationToken) =>
        Task.FromResult(operation switch
        {
            "GetAuthorizationToken" => GetAuthorizationToken(),
            "CreateRepository" => CreateRepository(input),
            "DescribeRepositories" => DescribeRepositories(input),
            "DeleteRepository" => DeleteRepository(input),
            "PutImageTagMutability" => PutImageTagMutability(input),
            "GetLifecyclePolicy" => throw EcrErrors.NoLifecyclePolicy(Named(input), repositories.Registry),
            "GetRepositoryPolicy" => policies.Get(Named(input)),
            "SetRepositoryPolicy" => policies.Set(Named(input), input),
            "DeleteRepositoryPolicy" => policies.Delete(Named(input)),
            "GetRegistryPolicy" => policies.Get(),
            "PutRegistryPolicy" => policies.Set(input),
            "DeleteRegistryPolicy" => policies.Delete(),
            "DescribeRegistry" => policies.DescribeRegistry(),
            "PutReplicationConfiguration" => policies.PutReplication(input),
            "PutAccountSetting" => PutAccountSetting(input),
            "GetAccountSetting" => AccountSetting(input.RequiredText("name")),
            "TagResource" or "UntagResource" or "ListTagsForResource" => Tags(operation, input),
            _ => imageOperations.Invoke(operation, input, () => Named(input)),
        });

    private JsonObject GetAuthorizationToken()
    {
        var (password, expiresAt) = tokens.Issue();
        return new JsonObject
        {
            ["authorizationData"] = new JsonArray(new JsonObject
            {
                ["authorizationToken"] = Convert.ToBase64String(Encoding.UTF8.GetBytes($"AWS:{password}")),
                ["expiresAt"] = expiresAt.ToUnixTimeMilliseconds() / 1000.0,
                ["proxyEndpoint"] = address.Endpoint,
            }),
        };
    }

    private JsonObject CreateRepository(JsonObject input)
    {
        var name = input.RequiredText("repositoryName");
        if (!RegistryNames.IsRepository(name))
            throw EcrErrors.Invalid("repositoryName", $"must satisfy regular expression '{RegistryNames.RepositoryPattern}'");
        CheckRegistry(input, name);
        var repository = new JsonObject
        {
            ["repositoryArn"] = repositories.ArnOf(name),
            ["registryId"] = repositories.Registry,
            ["repositoryName"] = name,
            ["createdAt"] = time.GetUtcNow().ToUnixTimeMilliseconds() / 1000.0,
            ["imageScanningConfiguration"] = new JsonObject { ["scanOnPush"] = input.Object("imageScanningConfiguration")?.Flag("scanOnPush") ?? false },
            ["encryptionConfiguration"] = input.Object("encryptionConfiguration")?.DeepClone() ?? new JsonObject { ["encryptionType"] = "AES256" },
        };
        TagMutability.Read(input).WriteTo(repository);
        repository["tags"] = TagList(input.Objects("tags"));
        return documents.InTransaction(() =>
        {
            if (repositories.Find(name) is not null)
                throw EcrErrors.RepositoryExists(name, repositories.Registry);
            repositories.Save(repository);
            return new JsonObject { ["repository"] = Shown(repositories.Get(name)) };
        });
    }

    private JsonObject DescribeRepositories(JsonObject input)
    {
        var names = input.Texts("repositoryNames");
        if (names.Count > 0)
            return new JsonObject { ["repositories"] = new JsonArray([.. names.Select(name => Shown(repositories.Get(name)))]) };
        var page = Page<JsonObject>.Of(repositories.All(), EcrRepositories.NameOf, input.Text("nextToken"), PageSize(input));
        return new JsonObject { ["repositories"] = new JsonArray([.. page.Items.Select(Shown)]), ["nextToken"] = page.NextToken };
    }

    private JsonObject DeleteRepository(JsonObject input) => documents.InTransaction(() =>
    {
        var name = Named(input);
        var all = images.All(name).ToList();
        if (all.Count > 0 && input.Flag("force") != true)
            throw EcrErrors.RepositoryNotEmpty(name, repositories.Registry);
        var repository = repositories.Get(name);
        var tags = images.Tags(name).ToLookup(tag => tag.Digest, tag => tag.Tag);
        foreach (var image in all)
            images.Delete(name, image, tags[image.Digest]);
        policies.Forget(name);
        repositories.Delete(name);
        return new JsonObject { ["repository"] = Shown(repository) };
    });

    private JsonObject PutImageTagMutability(JsonObject input) => documents.InTransaction(() =>
    {
        input.RequiredText("imageTagMutability");
        var repository = repositories.Get(Named(input));
        TagMutability.Read(input).WriteTo(repository);
        repositories.Save(repository);
        return new JsonObject
        {
            ["registryId"] = repositories.Registry,
            ["repositoryName"] = EcrRepositories.NameOf(repository),
            ["imageTagMutability"] = repository["imageTagMutability"]!.DeepClone(),
            ["imageTagMutabilityExclusionFilters"] = repository["imageTagMutabilityExclusionFilters"]?.DeepClone(),
        };
    });

    private JsonObject PutAccountSetting(JsonObject input)
    {
        var name = input.RequiredText("name");
        documents.Put(SettingKind, name, new JsonObject { ["value"] = input.RequiredText("value") });
        return AccountSetting(name);
    }

    private JsonObject AccountSetting(string name) => new()
    {
        ["name"] = name,
        ["value"] = documents.Get(SettingKind, name)?["value"]?.DeepClone() ?? "DISABLED",
    };

    private JsonObject Tags(string operation, JsonObject input) => documents.InTransaction(() =>
    {
        var arn = input.RequiredText("resourceArn");
        var prefix = repositories.ArnOf("");
        if (!arn.StartsWith(prefix, StringComparison.Ordinal))
            throw EcrErrors.Invalid("resourceArn", "Invalid ARN");
        var repository = repositories.Get(arn[prefix.Length..]);
        var tags = repository.Objects("tags");
        if (operation == "ListTagsForResource")
            return new JsonObject { ["tags"] = TagList(tags) };
        var added = input.Objects("tags");
        var removed = operation == "UntagResource" ? input.Texts("tagKeys") : [.. added.Select(tag => tag.RequiredText("Key"))];
        repository["tags"] = TagList([.. tags.Where(tag => !removed.Contains(tag.RequiredText("Key"))), .. added]);
        repositories.Save(repository);
        return [];
    });

    private string Named(JsonObject input)
    {
        var name = input.RequiredText("repositoryName");
        CheckRegistry(input, name);
        return EcrRepositories.NameOf(repositories.Get(name));
    }

    private void CheckRegistry(JsonObject input, string name)
    {
        if (input.Text("registryId") is { } registry && registry != repositories.Registry)
            throw EcrErrors.RepositoryNotFound(name, registry);
    }

    private static JsonArray TagList(IReadOnlyList<JsonObject> tags) =>
        new([.. tags.Select(tag => new JsonObject { ["Key"] = tag.RequiredText("Key"), ["Value"] = tag.Text("Value") ?? "" })]);

    private static JsonObject Shown(JsonObject repository)
    {
        repository.Remove("tags");
        return repository;
    }

    internal static int PageSize(JsonObject input) => input.Number("maxResults") switch
    {
        null => 100,
        >= 1 and <= 1000 and var size => size,
        _ => throw EcrErrors.Invalid("maxResults", "Member must be between 1 and 1000"), // constructed
    };
}
