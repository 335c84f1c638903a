using System.Collections.Concurrent;
using System.Net.Http.Headers;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace EcsRelease.Registry;

/// <summary>Answers a registry's challenge: Basic, or Bearer with a token from its realm
/// (distribution, docs/spec/auth/token.md). Tokens stay in memory, by scope, until they expire.</summary>
internal sealed partial class RegistryAuth(RegistryHost host, RegistryCredentials credentials, TimeProvider time)
{
    private static readonly TimeSpan DefaultLifetime = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan Margin = TimeSpan.FromSeconds(5);

    private readonly ConcurrentDictionary<string, (string Token, DateTimeOffset Until)> tokens = new();
    private volatile bool sendsBasic = credentials.IsPreemptive;

    public AuthenticationHeaderValue? HeaderFor(string scope)
    {
        if (tokens.TryGetValue(scope, out var token) && token.Until > time.GetUtcNow())
            return new AuthenticationHeaderValue("Bearer", token.Token);
        return sendsBasic ? new AuthenticationHeaderValue("Basic", credentials.Basic) : null;
    }

    /// <summary>Makes ready for a second try after a 401; false when there is nothing to answer with.</summary>
    public async Task<bool> AnswerAsync(HttpResponseMessage refused, string scope,
        Func<HttpRequestMessage, CancellationToken, Task<HttpResponseMessage>> send, CancellationToken cancellationToken)
    {
        var used = refused.RequestMessage!.Headers.Authorization?.Scheme;
        foreach (var challenge in refused.Headers.WwwAuthenticate)
        {
            if (challenge.Scheme.Equals("Bearer", StringComparison.OrdinalIgnoreCase) && used != "Bearer")
            {
                await FetchTokenAsync(refused.RequestMessage.RequestUri!, challenge.Parameter ?? "", scope, send, cancellationToken);
                return true;
            }
            if (challenge.Scheme.Equals("Basic", StringComparison.OrdinalIgnoreCase) && credentials.Basic is not null && used is null)
                return sendsBasic = true;
        }
        return false;
    }

    private async Task FetchTokenAsync(Uri asked, string challenge, string scope,
        Func<HttpRequestMessage, CancellationToken, Task<HttpResponseMessage>> send, CancellationToken cancellationToken)
    {
        var parameters = ChallengeParameter().Matches(challenge)
            .ToLookup(match => match.Groups["name"].Value.ToLowerInvariant(), match => match.Groups["value"].Value);
        var realm = host.Follow(asked, parameters["realm"].FirstOrDefault() ?? "");
        var query = parameters["service"].Take(1).Select(service => "service=" + Uri.EscapeDataString(service))
            .Concat(parameters["scope"].DefaultIfEmpty(scope).Select(wanted => "scope=" + Uri.EscapeDataString(wanted)));
        var address = new UriBuilder(realm) { Query = string.Join('&', query.Prepend(realm.Query.TrimStart('?')).Where(part => part.Length > 0)) }.Uri;
        using var request = new HttpRequestMessage(HttpMethod.Get, address);
        // A token given for this very registry (ECR's) is no token service's business.
        if (credentials.Basic is not null && (!credentials.IsPreemptive || host.Owns(realm)))
            request.Headers.Authorization = new AuthenticationHeaderValue("Basic", credentials.Basic);
        using var response = await send(request, cancellationToken);
        if (!response.IsSuccessStatusCode)
            throw (await RegistryAnswer.ReadAsync(response, cancellationToken)).ToException();
        try
        {
            var answer = JsonNode.Parse(await response.Content.ReadAsByteArrayAsync(cancellationToken));
            var token = (string?)answer?["token"] ?? (string?)answer?["access_token"] ?? throw new JsonException("no token");
            var lifetime = (int?)answer?["expires_in"] is { } seconds and > 0 ? TimeSpan.FromSeconds(seconds) : DefaultLifetime;
            tokens[scope] = (token, time.GetUtcNow() + lifetime - Margin);
        }
        catch (Exception wrong) when (wrong is JsonException or InvalidOperationException)
        {
            throw Errors.RegistryAnswer(RegistryAnswer.Describe(request), (int)response.StatusCode, "no token in it");
        }
    }

    [GeneratedRegex("""(?<name>[A-Za-z]+)=(?:"(?<value>[^"]*)"|(?<value>[^,\s]+))""")]
    private static partial Regex ChallengeParameter();
}
