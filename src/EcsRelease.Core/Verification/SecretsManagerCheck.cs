using System.Text.Json.Nodes;
using EcsRelease.Aws;
using EcsRelease.TaskDefinitions;

namespace EcsRelease.Verification;

/// <summary>The secrets of Secrets Manager exist, in the version that is asked for. Their values are never read.</summary>
internal sealed class SecretsManagerCheck : DefinitionCheck
{
    public override CheckGroup Group => CheckGroup.Secrets;

    public override string Name => "Secrets Manager";

    protected override async Task<IReadOnlyList<Finding>> RunAsync(JsonObject definition, VerifiedRelease release, CancellationToken cancellationToken)
    {
        var used = DefinitionReferences.Secrets(definition)
            .Select(secret => (Secret: secret, secret.Reference))
            .Where(each => each.Reference.Store != SecretStore.ParameterStore).ToList();
        return used.Count == 0
            ? [Finding.Ok("the definition names no secret of it")]
            : await Task.WhenAll(used.Select(each => Finding.OfAsync($"'{each.Secret.Name}'", () => OfAsync(each.Secret, each.Reference, release, cancellationToken))));
    }

    private static async Task<Finding> OfAsync(UsedSecret secret, SecretReference reference, VerifiedRelease release, CancellationToken cancellationToken)
    {
        if (reference.Store == SecretStore.Unknown)
            return Finding.Failed($"'{secret.Name}': '{secret.ValueFrom}' is neither a secret's nor a parameter's ARN",
                "Write it as arn:aws:secretsmanager:REGION:ACCOUNT:secret:NAME-SUFFIX[:JSON-KEY:VERSION-STAGE:VERSION-ID], see: aws secretsmanager list-secrets");
        if (reference.Region is not null && reference.Region != release.Region)
            return Finding.CouldNotCheck($"'{secret.Name}': '{reference.Id}' is in region {reference.Region}, this release in {release.Region}");
        try
        {
            return Of(secret, reference, await release.Access.Secrets.DescribeSecretAsync(new JsonObject { ["SecretId"] = reference.Id }, cancellationToken), release.Region);
        }
        catch (AwsServiceException missing) when (missing.ErrorCode == "ResourceNotFoundException")
        {
            return Finding.Failed($"'{secret.Name}': secret '{reference.Id}' does not exist",
                $"aws secretsmanager create-secret --name {ShellWord.Of(NameOf(reference.Id))} --secret-string file://VALUE --region {release.Region}");
        }
    }

    private static Finding Of(UsedSecret secret, SecretReference reference, JsonObject described, string region)
    {
        if (described.ContainsKey("DeletedDate"))
            return Finding.Failed($"'{secret.Name}': secret '{reference.Id}' is marked for deletion", $"aws secretsmanager restore-secret --secret-id {ShellWord.Of(reference.Id)} --region {reference.Region ?? region}");
        var versions = described.Object("VersionIdsToStages") ?? [];
        var has = (reference.VersionId, reference.VersionStage) switch
        {
            ({ } version, null) => versions.ContainsKey(version),
            ({ } version, { } stage) => versions.Texts(version).Contains(stage),
            (null, var stage) => versions.Any(version => versions.Texts(version.Key).Contains(stage ?? "AWSCURRENT")),
        };
        if (!has)
            return Finding.Failed($"'{secret.Name}': secret '{reference.Id}' has no version {reference.VersionId ?? ""}{(reference.VersionId is null ? reference.VersionStage ?? "AWSCURRENT" : "")}",
                $"aws secretsmanager list-secret-version-ids --secret-id {ShellWord.Of(reference.Id)} --region {reference.Region ?? region}");
        return reference.JsonKey is { } key
            ? Finding.Ok($"'{secret.Name}': secret '{reference.Id}' exists; whether its value has the key '{key}' is not read")
            : Finding.Ok($"'{secret.Name}': secret '{reference.Id}' exists");
    }

    // Secrets Manager itself puts a dash and six characters behind the name.
    private static string NameOf(string arn)
    {
        var name = arn.Split(":secret:")[^1];
        return name.Length > 7 && name[^7] == '-' ? name[..^7] : name;
    }
}
