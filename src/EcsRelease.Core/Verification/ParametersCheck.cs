using System.Text.Json.Nodes;
using EcsRelease.Aws;
using EcsRelease.TaskDefinitions;

namespace EcsRelease.Verification;

/// <summary>The parameters of the Parameter Store exist. Their values are answered too, encrypted where they are
/// secure, and are never looked at.</summary>
internal sealed class ParametersCheck : DefinitionCheck
{
    public override CheckGroup Group => CheckGroup.Secrets;

    public override string Name => "Parameter Store";

    protected override async Task<IReadOnlyList<Finding>> RunAsync(JsonObject definition, VerifiedRelease release, CancellationToken cancellationToken)
    {
        var used = DefinitionReferences.Secrets(definition)
            .Select(secret => (secret.Name, secret.Reference))
            .Where(each => each.Reference.Store == SecretStore.ParameterStore).ToList();
        if (used.Count == 0)
            return [Finding.Ok("the definition names no parameter of it")];
        var here = used.Where(each => each.Reference.Region is null || each.Reference.Region == release.Region).ToList();
        var asked = await Task.WhenAll(here.Select(each => each.Reference.Id).Distinct().Chunk(AmazonSsmClient.NamesACall)
            .Select(names => MissingAsync(names, release, cancellationToken)));
        var states = asked.SelectMany(each => each).ToDictionary(each => each.Name, each => each.State);
        return [.. used.Select(each => states.TryGetValue(each.Reference.Id, out var state)
            ? Of(each.Name, each.Reference, state, release)
            : Finding.CouldNotCheck($"'{each.Name}': '{each.Reference.Id}' is in region {each.Reference.Region}, this release in {release.Region}"))];
    }

    /// <returns>Of each name: null = it exists, empty = it does not, else why that is not known.</returns>
    private static async Task<IEnumerable<(string Name, string? State)>> MissingAsync(string[] names, VerifiedRelease release, CancellationToken cancellationToken)
    {
        try
        {
            var answer = await release.Access.Ssm.GetParametersAsync(new JsonObject { ["Names"] = names.ToJsonArray(), ["WithDecryption"] = false }, cancellationToken);
            var missing = answer.Texts("InvalidParameters").ToHashSet(StringComparer.Ordinal);
            return names.Select(name => (name, missing.Contains(name) ? "" : null));
        }
        catch (AwsServiceException refusal)
        {
            var why = Finding.CouldNotCheck("the parameter", refusal).Message;
            return names.Select(name => (name, (string?)why));
        }
    }

    private static Finding Of(string variable, SecretReference reference, string? state, VerifiedRelease release) => state switch
    {
        null => Finding.Ok($"'{variable}': parameter '{reference.Id}' exists"),
        "" => Finding.Failed($"'{variable}': parameter '{reference.Id}' does not exist",
            $"aws ssm put-parameter --type SecureString --name {ShellWord.Of(NameOf(reference.Id))} --value file://VALUE --region {release.Region}"),
        _ => Finding.CouldNotCheck($"'{variable}': {state}"),
    };

    private static string NameOf(string id) => id.Split(":parameter")[^1];
}
