using System.Text.Json.Nodes;
using EcsRelease.Aws;

namespace EcsRelease.TaskDefinitions;

/// <param name="Value">Of a SecureString nothing: it is never asked for decrypted.</param>
/// <param name="IsSecret">A SecureString.</param>
public sealed record Parameter(string Value, bool IsSecret, string? Arn);

/// <summary>Reads parameters of Systems Manager, each once: what a plan has shown is what its release takes.</summary>
public sealed class ParameterReader(AmazonSsmClient ssm)
{
    private readonly Dictionary<string, Parameter?> _read = new(StringComparer.Ordinal);

    /// <summary>Those that were asked for so far.</summary>
    public IReadOnlyCollection<string> Asked => _read.Keys;

    /// <param name="names">Names, ARNs, or either with `:VERSION` or `:LABEL`.</param>
    /// <returns>Those that exist.</returns>
    /// <exception cref="AwsServiceException">The parameters cannot be read.</exception>
    public async Task<IReadOnlyDictionary<string, Parameter>> ReadAsync(IReadOnlyCollection<string> names, CancellationToken cancellationToken)
    {
        foreach (var batch in names.Distinct().Where(name => !_read.ContainsKey(name)).ToList().Chunk(AmazonSsmClient.NamesACall))
        {
            var answer = await ssm.GetParametersAsync(new() { ["Names"] = batch.ToJsonArray(), ["WithDecryption"] = false }, cancellationToken);
            // The answer names a parameter without what selected its version, which it says apart, and an ARN's by its name.
            foreach (var name in batch)
                _read[name] = answer.Objects("Parameters").FirstOrDefault(found => IsMeant(found, name)) is { } found ? Of(found) : null;
        }
        return names.Distinct().Where(name => _read[name] is not null).ToDictionary(name => name, name => _read[name]!, StringComparer.Ordinal);
    }

    private static bool IsMeant(JsonObject found, string name)
    {
        var selector = found.Text("Selector") ?? "";
        return name == found.Text("Name") + selector || name == found.Text("ARN") + selector;
    }

    private static Parameter Of(JsonObject found) => found.Text("Type") == "SecureString"
        ? new("", IsSecret: true, found.Text("ARN"))
        : new(found.Text("Value") ?? "", IsSecret: false, found.Text("ARN"));
}
