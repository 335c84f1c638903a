using System.Net.Http.Headers;
using System.Text;

namespace EcsRelease.Gates;

/// <param name="Status">Of the last answer; null when there was none.</param>
/// <param name="Cause">Why it failed; null = it answered 2xx.</param>
internal sealed record AddressEnd(int? Status, int Attempts, string? Cause);

/// <summary>Asks an address until it answers 2xx. New names and targets take a while to be known, so a bad answer counts
/// only when the limit has passed.</summary>
internal sealed class AddressCheck : IDisposable
{
    public static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    private const int MaxRedirects = 5;
    private const int MaxBody = 300;

    private static readonly TimeSpan _perTry = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan _pause = TimeSpan.FromSeconds(2);

    private readonly HttpClient _http;
    private readonly IReporter _reporter;
    private readonly TimeProvider _time;

    /// <param name="handler">The connection; null = one to <paramref name="address"/>.</param>
    public AddressCheck(Uri address, IReporter reporter, TimeProvider time, HttpMessageHandler? handler = null)
    {
        Address = address;
        _reporter = reporter;
        _time = time;
        // Redirects are followed here, by a rule; a proxy does not reach this machine.
        _http = new HttpClient(handler ?? new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false, UseProxy = !address.IsLoopback })
        {
            Timeout = Timeout.InfiniteTimeSpan,
        };
    }

    public Uri Address { get; }

    public async Task<AddressEnd> RunAsync(TimeSpan limit, CancellationToken cancellationToken)
    {
        var startedAt = _time.GetTimestamp();
        for (var attempt = 1; ; attempt++)
        {
            var (status, cause) = await TryAsync(cancellationToken);
            var elapsed = _time.GetElapsedTime(startedAt);
            if (cause is null || elapsed >= limit)
                return new(status, attempt, cause is null ? null : $"{cause} ({attempt} tries in {elapsed.TotalSeconds:0} s)");
            _reporter.Progress(new Progress($"{cause}; trying again"));
            await Task.Delay(_pause < limit - elapsed ? _pause : limit - elapsed, _time, cancellationToken);
        }
    }

    public void Dispose() => _http.Dispose();

    private async Task<(int? Status, string? Cause)> TryAsync(CancellationToken cancellationToken)
    {
        using var timer = new CancellationTokenSource(_perTry, _time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, timer.Token);
        try
        {
            return await GetAsync(both.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return (null, $"no answer within {_perTry.TotalSeconds:0} s");
        }
        catch (Exception unreachable) when (unreachable is HttpRequestException or IOException)
        {
            return (null, unreachable.GetBaseException().Message.TrimEnd('.'));
        }
    }

    private async Task<(int? Status, string? Cause)> GetAsync(CancellationToken cancellationToken)
    {
        var address = Address;
        for (var hops = 0; ; hops++)
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, WithoutUser(address));
            request.Headers.UserAgent.Add(new ProductInfoHeaderValue("EcsRelease", null));
            if (Address.UserInfo.Length > 0)
                request.Headers.Authorization = new("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes(Uri.UnescapeDataString(Address.UserInfo))));
            using var answer = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
            var status = (int)answer.StatusCode;
            if (answer.IsSuccessStatusCode)
                return (status, null);
            if (status is not (301 or 302 or 303 or 307 or 308) || answer.Headers.Location is not { } location)
                return (status, $"HTTP {status}{await BodyAsync(answer, cancellationToken)}");
            if (!Uri.TryCreate(address, location, out var next))
                return (status, $"HTTP {status} sends on to an address that cannot be read");
            if (!MayFollow(address, next) || hops == MaxRedirects)
                return (status, $"HTTP {status} sends on to '{AfterDeployCheck.Show(next)}', which is not followed");
            address = next;
        }
    }

    // Another host is another service, and must not get the password of this one.
    private static bool MayFollow(Uri from, Uri to) =>
        to.Host.Equals(from.Host, StringComparison.OrdinalIgnoreCase) && (to.Scheme == from.Scheme || to.Scheme == Uri.UriSchemeHttps);

    private static Uri WithoutUser(Uri address) => new UriBuilder(address) { UserName = "", Password = "" }.Uri;

    /// <summary>How the body begins, in one line: health checks say there what is wrong.</summary>
    private static async Task<string> BodyAsync(HttpResponseMessage answer, CancellationToken cancellationToken)
    {
        await using var body = await answer.Content.ReadAsStreamAsync(cancellationToken);
        var buffer = new byte[MaxBody];
        var read = await body.ReadAtLeastAsync(buffer, MaxBody, throwOnEndOfStream: false, cancellationToken);
        var text = string.Concat(Encoding.UTF8.GetString(buffer, 0, read).Select(letter => char.IsControl(letter) ? ' ' : letter)).Trim();
        return text.Length == 0 ? "" : $": {InertText.Of(text)}";
    }
}
