using System.Net;

namespace EcsRelease.Registry;

/// <param name="Attempts">Tries of one request (or one upload) in all.</param>
/// <param name="ConnectTimeout">Name look-up, TCP and TLS together.</param>
public sealed record RegistrySettings(int Attempts, TimeSpan ConnectTimeout)
{
    /// <summary>Longest time without an answer, or without one more byte of a body.</summary>
    public TimeSpan Silence { get; init; } = TimeSpan.FromSeconds(100);

    /// <summary>Spreads the pauses between tries.</summary>
    public Random Jitter { get; init; } = Random.Shared;

    public static RegistrySettings Default { get; } = new(5, TimeSpan.FromSeconds(10));

    /// <summary>For a base image that can be done without: no network must not cost a minute.</summary>
    public static RegistrySettings FailFast { get; } = new(1, TimeSpan.FromSeconds(3));
}

/// <summary>Sends requests to one registry: credentials, redirects, retries, counting.</summary>
internal sealed class RegistryTransport : IDisposable
{
    private const int MostRedirects = 5;
    private static readonly TimeSpan LongestDelay = TimeSpan.FromSeconds(30);

    private readonly RegistryHost host;
    private readonly RegistryAuth auth;
    private readonly RegistrySettings settings;
    private readonly TimeProvider time;
    private readonly HttpClient http;

    public RegistryTransport(RegistryHost host, RegistryCredentials credentials, RegistrySettings settings, TimeProvider time, RegistryTraffic traffic)
    {
        this.host = host;
        this.settings = settings;
        this.time = time;
        Traffic = traffic;
        auth = new RegistryAuth(host, credentials, time);
        http = new HttpClient(new SocketsHttpHandler
        {
            // Redirects are followed here, where the credential's owner is known.
            AllowAutoRedirect = false,
            UseCookies = false,
            ConnectTimeout = settings.ConnectTimeout,
            // A proxy does not reach this machine's own loopback.
            UseProxy = host.Root.Scheme == "https",
        })
        { Timeout = Timeout.InfiniteTimeSpan };
    }

    public RegistryTraffic Traffic { get; }

    public int Attempts => settings.Attempts;

    public void Dispose() => http.Dispose();

    /// <summary>Sends what <paramref name="make"/> makes, anew for every try.</summary>
    /// <exception cref="EcsReleaseException">ECSR3003: no answer after all attempts.</exception>
    public async Task<HttpResponseMessage> SendAsync(Func<HttpRequestMessage> make, string scope, CancellationToken cancellationToken)
    {
        for (var attempt = 1; ; attempt++)
        {
            var (response, cause) = await TryAsync(make, scope, cancellationToken);
            if (response is not null && (attempt >= settings.Attempts || !IsPassing(response.StatusCode)))
                return response;
            if (response is null && attempt >= settings.Attempts)
                throw Errors.RegistryUnreachable(host.ToString(), RegistryAnswer.Why(cause!), cause);
            var delay = DelayBefore(attempt, response);
            response?.Dispose();
            await Task.Delay(delay, time, cancellationToken);
        }
    }

    /// <summary>One try; a connection that failed is given back as its cause.</summary>
    public async Task<(HttpResponseMessage? Response, Exception? Cause)> TryAsync(Func<HttpRequestMessage> make, string scope, CancellationToken cancellationToken)
    {
        try
        {
            var response = await SendAuthorizedAsync(make(), scope, cancellationToken);
            // A body that went out cannot be sent again; another host's challenge is not for our credential.
            if (response.StatusCode != HttpStatusCode.Unauthorized || response.RequestMessage!.Content is BlobContent || !host.Owns(response.RequestMessage.RequestUri!)
                || !await auth.AnswerAsync(response, scope, SendCountedAsync, cancellationToken))
                return (response, null);
            response.Dispose();
            return (await SendAuthorizedAsync(make(), scope, cancellationToken), null);
        }
        catch (Exception failure) when (failure is HttpRequestException or IOException)
        {
            return (null, failure);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return (null, new TimeoutException($"no answer for {settings.Silence.TotalSeconds:0} s"));
        }
    }

    public TimeSpan DelayBefore(int attempt, HttpResponseMessage? response)
    {
        var asked = response?.Headers.RetryAfter is { } after
            ? after.Delta ?? (after.Date is { } date ? date - time.GetUtcNow() : null)
            : null;
        if (asked is { } wait && wait > TimeSpan.Zero)
            return wait < LongestDelay ? wait : LongestDelay;
        return TimeSpan.FromMilliseconds(200 * Math.Pow(2, attempt - 1) * (0.75 + settings.Jitter.NextDouble() / 2));
    }

    public static bool IsPassing(HttpStatusCode status) =>
        status is HttpStatusCode.TooManyRequests or HttpStatusCode.RequestTimeout || (int)status >= 500;

    private async Task<HttpResponseMessage> SendAuthorizedAsync(HttpRequestMessage request, string scope, CancellationToken cancellationToken)
    {
        for (var redirects = 0; ; redirects++)
        {
            request.Headers.Authorization = host.Owns(request.RequestUri!) ? auth.HeaderFor(scope) : null;
            var response = await SendCountedAsync(request, cancellationToken);
            var isRead = request.Method == HttpMethod.Get || request.Method == HttpMethod.Head;
            if (!isRead || (int)response.StatusCode is not (301 or 302 or 303 or 307 or 308) || redirects == MostRedirects || response.Headers.Location is not { } location)
                return response;
            var next = new HttpRequestMessage(request.Method, host.Follow(request.RequestUri!, location.OriginalString));
            foreach (var accept in request.Headers.Accept)
                next.Headers.Accept.Add(accept);
            response.Dispose();
            request = next;
        }
    }

    private async Task<HttpResponseMessage> SendCountedAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        using var silence = new CancellationTokenSource(settings.Silence, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(silence.Token, cancellationToken);
        // A large body may take long, as long as it moves.
        if (request.Content is BlobContent body)
            body.Moved = () => silence.CancelAfter(settings.Silence);
        Traffic.Request();
        var response = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, either.Token);
        await SilenceStream.GuardAsync(response, settings.Silence, time, cancellationToken);
        return response;
    }
}
