using System.Text;
using EcsRelease.Registry;

namespace EcsRelease.Tests.Registry;

[Parallelizable(ParallelScope.All)]
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class RegistryClientTests : IAsyncDisposable
{
    private static readonly byte[] Blob = Encoding.ASCII.GetBytes(new string('b', 300_000));

    private static readonly Descriptor Described = new(MediaTypes.OciConfig, FaultyRegistry.DigestOf(Blob), Blob.Length);

    private readonly FaultyRegistry registry = new();

    public async ValueTask DisposeAsync() => await registry.DisposeAsync();

    [Test]
    public async Task An_upload_is_one_POST_and_one_PUT_and_keeps_the_sessions_state()
    {
        using var client = Client();

        await UploadAsync(client);

        registry.Blobs.Keys.Should().Equal(FaultyRegistry.DigestOf(Blob));
        registry.Requests.Select(request => request.Split(' ')[0]).Should().Equal("POST", "PUT");
        (client.Traffic.Requests, client.Traffic.BlobsSent, client.Traffic.BytesSent).Should().Be((2, 1, Blob.Length));
    }

    [Test]
    public async Task A_cut_upload_begins_again_in_a_new_session()
    {
        await using var proxy = new CuttingProxy(registry.Port, "PUT ", cuts: 2);
        using var client = Client(host: proxy.Host);

        await UploadAsync(client);

        registry.Blobs.Should().ContainKey(FaultyRegistry.DigestOf(Blob));
        proxy.Cut.Should().Be(2);
        registry.Requests.Count(request => request.StartsWith("POST", StringComparison.Ordinal)).Should().Be(3, "a session that failed is not resumed");
    }

    [Test]
    public async Task An_upload_that_is_cut_each_time_ends_with_the_registrys_name()
    {
        await using var proxy = new CuttingProxy(registry.Port, "PUT ", cuts: int.MaxValue);
        using var client = Client(host: proxy.Host, settings: new RegistrySettings(2, TimeSpan.FromSeconds(5)));

        var uploading = () => UploadAsync(client);

        (await uploading.Should().ThrowAsync<EcsReleaseException>()).Which.Should().Match<EcsReleaseException>(error => error.Code == "ECSR3003" && error.Message.Contains(proxy.Host));
    }

    [Test]
    public async Task Throttling_and_server_errors_are_waited_out()
    {
        var answers = 0;
        registry.Intercept = context => Interlocked.Increment(ref answers) switch
        {
            1 => FaultyRegistry.Answer(context, 429, "", ("Retry-After", "1")),
            2 => FaultyRegistry.Answer(context, 503),
            _ => false,
        };
        using var client = Client();

        (await client.GetManifestAsync("orders", "main", default)).Should().BeNull();
        answers.Should().Be(3);
    }

    [TestCase("http://169.254.169.254/latest/meta-data/")]
    [TestCase("http://10.0.0.7/v2/orders/blobs/uploads/1")]
    [TestCase("https://192.168.1.1/upload")]
    [TestCase("http://[::1]:99/upload")]
    [TestCase("file:///etc/passwd")]
    public async Task An_upload_is_not_sent_to_a_private_address(string location)
    {
        registry.Intercept = context => FaultyRegistry.Answer(context, 202, "", ("Location", location));
        using var client = Client();

        var uploading = () => UploadAsync(client);

        (await uploading.Should().ThrowAsync<EcsReleaseException>()).Which.Code.Should().Be("ECSR3021");
    }

    [Test]
    public async Task A_token_realm_on_a_private_address_is_not_asked()
    {
        registry.Intercept = context => FaultyRegistry.Answer(context, 401, "", ("WWW-Authenticate", "Bearer realm=\"http://169.254.169.254/token\""));
        using var client = Client();

        var asking = () => client.GetManifestAsync("orders", "main", default);

        (await asking.Should().ThrowAsync<EcsReleaseException>()).Which.Code.Should().Be("ECSR3021");
    }

    [Test]
    public async Task A_ready_Basic_token_goes_with_the_first_request()
    {
        string? header = null;
        registry.Intercept = context =>
        {
            header = context.Request.Headers["Authorization"];
            return false;
        };
        using var client = Client(RegistryCredentials.FromBasicToken("QVdTOnNlY3JldA=="));

        await client.GetManifestAsync("orders", "main", default);

        header.Should().Be("Basic QVdTOnNlY3JldA==");
        client.Traffic.Requests.Should().Be(1);
    }

    [Test]
    public async Task A_Bearer_challenge_is_answered_once_and_the_token_kept()
    {
        registry.Blobs[FaultyRegistry.DigestOf(Blob)] = Blob;
        registry.Intercept = context =>
        {
            if (context.Request.Url!.AbsolutePath == "/token")
                return FaultyRegistry.Answer(context, 200, $$"""{"token":"for {{context.Request.QueryString["service"]}} {{context.Request.QueryString["scope"]}}","expires_in":300}""");
            return context.Request.Headers["Authorization"] != "Bearer for registry repository:orders:pull"
                && FaultyRegistry.Answer(context, 401, "", ("WWW-Authenticate", $"Bearer realm=\"http://{registry.Host}/token\",service=\"registry\",scope=\"repository:orders:pull\""));
        };
        using var client = Client();

        (await client.GetBlobAsync("orders", Described, default)).Should().Equal(Blob);
        (await client.GetBlobAsync("orders", Described, default)).Should().Equal(Blob);

        registry.Requests.Count(request => request.StartsWith("GET /token", StringComparison.Ordinal)).Should().Be(1);
    }

    [Test]
    public async Task No_credential_follows_a_redirect_to_another_host()
    {
        await using var storage = new FaultyRegistry();
        storage.Blobs[FaultyRegistry.DigestOf(Blob)] = Blob;
        registry.Intercept = context => FaultyRegistry.Answer(context, 307, "", ("Location", $"http://{storage.Host}{context.Request.Url!.AbsolutePath}?X-Amz-Signature=s"));
        using var client = Client(RegistryCredentials.FromBasicToken("QVdTOnNlY3JldA=="));

        await using var stream = await client.OpenBlobAsync("orders", FaultyRegistry.DigestOf(Blob), default);
        using var copy = new MemoryStream();
        await stream.CopyToAsync(copy);

        copy.ToArray().Should().Equal(Blob);
        registry.Requests.Should().OnlyContain(request => request.EndsWith(" +auth", StringComparison.Ordinal));
        storage.Requests.Should().HaveCount(1).And.NotContain(request => request.EndsWith(" +auth", StringComparison.Ordinal));
    }

    [Test]
    public async Task A_refusal_shows_method_address_and_the_servers_words_but_no_secret()
    {
        registry.Intercept = context => FaultyRegistry.Answer(context, 403, FaultyRegistry.Error("DENIED", "User is not authorized"));
        using var client = Client(RegistryCredentials.FromBasicToken("QVdTOnNlY3JldA=="));

        var asking = () => client.GetManifestAsync("orders", "main", default);

        var message = (await asking.Should().ThrowAsync<EcsReleaseException>()).Which;
        message.Code.Should().Be("ECSR3004");
        message.ToString().Should().Contain($"GET http://{registry.Host}/v2/orders/manifests/main").And.Contain("DENIED: User is not authorized").And.NotContain("QVdTOnNlY3JldA");
    }

    [Test]
    public async Task A_manifest_that_is_not_what_its_digest_says_is_refused()
    {
        var digest = FaultyRegistry.DigestOf(Blob);
        registry.Manifests[digest] = (MediaTypes.OciManifest, "{}"u8.ToArray());
        using var client = Client();

        var reading = () => client.GetManifestAsync("orders", digest, default);

        (await reading.Should().ThrowAsync<EcsReleaseException>()).Which.Code.Should().Be("ECSR3022");
    }

    [Test]
    public async Task Nobody_there_is_said_with_the_host()
    {
        using var client = new RegistryClient($"127.0.0.1:{FaultyRegistry.FreePort()}", RegistryCredentials.Anonymous, TimeProvider.System, RegistrySettings.FailFast);

        var asking = () => client.GetManifestAsync("orders", "main", default);

        (await asking.Should().ThrowAsync<EcsReleaseException>()).Which.Should().Match<EcsReleaseException>(error => error.Code == "ECSR3003" && error.Message.Contains("refused"));
    }

    [TestCase("blobs")]
    [TestCase("manifests")]
    public async Task A_body_that_stalls_ends_with_the_registrys_name(string kind)
    {
        using var ended = new ManualResetEventSlim();
        registry.Intercept = context =>
        {
            context.Response.ContentType = MediaTypes.OciManifest;
            context.Response.ContentLength64 = Blob.Length;
            context.Response.OutputStream.Write(Blob.AsSpan(0, 1000));
            context.Response.OutputStream.Flush();
            ended.Wait(TimeSpan.FromSeconds(30));
            return true;
        };
        using var client = Client(settings: new RegistrySettings(1, TimeSpan.FromSeconds(5)) { Silence = TimeSpan.FromMilliseconds(300) });

        Func<Task> reading = kind == "blobs" ? () => client.GetBlobAsync("orders", Described, default) : () => client.GetManifestAsync("orders", "main", default);

        (await reading.Should().ThrowAsync<EcsReleaseException>()).Which.Should().Match<EcsReleaseException>(error => error.Code == "ECSR3003" && error.Message.Contains(registry.Host));
        ended.Set();
    }

    [Test]
    public async Task A_body_that_is_cut_ends_with_the_registrys_name()
    {
        registry.Intercept = context =>
        {
            context.Response.ContentLength64 = Blob.Length;
            context.Response.OutputStream.Write(Blob.AsSpan(0, 1000));
            context.Response.OutputStream.Flush();
            context.Response.Abort();
            return true;
        };
        using var client = Client();

        var reading = () => client.GetBlobAsync("orders", Described, default);

        (await reading.Should().ThrowAsync<EcsReleaseException>()).Which.Should().Match<EcsReleaseException>(error => error.Code == "ECSR3003" && error.Message.Contains(registry.Host));
    }

    [Test]
    public async Task A_blob_that_is_not_what_its_digest_says_is_refused()
    {
        registry.Blobs[Described.Digest] = "{}"u8.ToArray();
        using var client = Client();

        var reading = () => client.GetBlobAsync("orders", Described, default);

        (await reading.Should().ThrowAsync<EcsReleaseException>()).Which.Code.Should().Be("ECSR3022");
    }

    [Test]
    public async Task A_config_of_many_megabytes_is_not_read()
    {
        using var client = Client();

        var reading = () => client.GetBlobAsync("orders", Described with { Size = 1L << 32 }, default);

        (await reading.Should().ThrowAsync<EcsReleaseException>()).Which.Code.Should().Be("ECSR3019");
        registry.Requests.Should().BeEmpty();
    }

    [Test]
    public void Pauses_between_tries_come_from_the_given_source()
    {
        var pauses = new List<TimeSpan>();
        for (var run = 0; run < 2; run++)
        {
            using var transport = new RegistryTransport(new RegistryHost(registry.Host), RegistryCredentials.Anonymous,
                new RegistrySettings(5, TimeSpan.FromSeconds(5)) { Jitter = new Random(7) }, TimeProvider.System, new RegistryTraffic());
            pauses.AddRange([transport.DelayBefore(1, null), transport.DelayBefore(2, null)]);
        }

        pauses[..2].Should().Equal(pauses[2..]);
    }

    private RegistryClient Client(RegistryCredentials? credentials = null, RegistrySettings? settings = null, string? host = null) =>
        new(host ?? registry.Host, credentials ?? RegistryCredentials.Anonymous, TimeProvider.System, settings);

    private static Task UploadAsync(RegistryClient client) => client.UploadAsync("orders",
        new Descriptor(MediaTypes.OciLayerGzip, FaultyRegistry.DigestOf(Blob), Blob.Length), _ => Task.FromResult<Stream>(new MemoryStream(Blob)), null, default);
}
