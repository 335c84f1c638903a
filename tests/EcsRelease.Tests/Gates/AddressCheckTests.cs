using System.Net;
using EcsRelease.Gates;
using EcsRelease.Tests.Deployments;
using Microsoft.Extensions.Time.Testing;

namespace EcsRelease.Tests.Gates;

/// <summary>EcsAfterDeploy with an address.</summary>
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class AddressCheckTests
{
    private readonly ReportLog log = new();
    private readonly PausesJump time = new();

    [TestCase(200)]
    [TestCase(204)]
    public async Task An_answer_of_2xx_passes(int status)
    {
        var (end, asked) = await AskAsync("https://orders.example.com/health", Answer(status));

        end.Should().Be(new AddressEnd(status, 1, null));
        asked.Single().RequestUri.Should().Be("https://orders.example.com/health");
    }

    [Test]
    public async Task A_new_target_may_take_a_while()
    {
        var (end, _) = await AskAsync("https://orders.example.com/", () => throw new HttpRequestException("Name or service not known"), Answer(503), Answer(404), Answer(200));

        end.Should().Be(new AddressEnd(200, 4, null));
        log.Progresses.Should().Equal("Name or service not known; trying again", "HTTP 503; trying again", "HTTP 404; trying again");
    }

    [Test]
    public async Task What_is_still_bad_at_the_limit_is_told_with_what_the_body_says()
    {
        var (end, asked) = await AskAsync("https://orders.example.com/", Answer(503, "Unhealthy:\r\n\u001b[31mdatabase"));

        end.Status.Should().Be(503);
        end.Cause.Should().Be("HTTP 503: Unhealthy:   [31mdatabase (31 tries in 60 s)");
        asked.Should().HaveCount(31);
    }

    [Test]
    public async Task A_server_that_does_not_answer_is_given_up_try_by_try()
    {
        var (end, asked) = await AskAsync("https://orders.example.com/", (Func<HttpResponseMessage>?)null);

        end.Should().Match<AddressEnd>(found => found.Status == null && found.Cause!.StartsWith("no answer within 10 s"));
        asked.Should().HaveCount(6);
    }

    [TestCase("http://orders.example.com/", "https://orders.example.com/home")]
    [TestCase("http://orders.example.com/", "/home")]
    public async Task Redirects_are_followed_on_the_same_host(string address, string location)
    {
        var (end, asked) = await AskAsync(address, Redirect(location), Answer(200));

        end.Cause.Should().BeNull();
        asked[1].RequestUri!.AbsolutePath.Should().Be("/home");
    }

    [TestCase("https://login.example.com/?next=s3cret", "'https://login.example.com/?…'")]
    [TestCase("http://orders.example.com/", "'http://orders.example.com/'")]
    public async Task A_redirect_to_another_host_or_without_TLS_is_not_followed(string location, string shown)
    {
        var (end, asked) = await AskAsync("https://orders.example.com/", Redirect(location));

        end.Cause.Should().StartWith($"HTTP 302 sends on to {shown}, which is not followed");
        asked.Select(request => request.RequestUri!.Host).Should().AllBe("orders.example.com");
    }

    [Test]
    public async Task A_redirect_that_leads_nowhere_is_a_bad_answer()
    {
        var (end, _) = await AskAsync("https://orders.example.com/", Redirect("//"));

        end.Cause.Should().StartWith("HTTP 302 sends on to an address that cannot be read");
    }

    [Test]
    public async Task User_and_password_are_sent_as_a_header_and_never_shown()
    {
        var (end, asked) = await AskAsync("https://jane:s3%20cret@orders.example.com/", Answer(401), Answer(200));

        end.Cause.Should().BeNull();
        asked[0].RequestUri!.UserInfo.Should().BeEmpty();
        Convert.FromBase64String(asked[0].Headers.Authorization!.Parameter!).Should().Equal("jane:s3 cret"u8.ToArray());
        log.Progresses.Should().NotContain(line => line.Contains("cret", StringComparison.Ordinal));
    }

    private static Func<HttpResponseMessage> Answer(int status, string body = "") => () => new((HttpStatusCode)status) { Content = new StringContent(body) };

    private static Func<HttpResponseMessage> Redirect(string location) => () => new(HttpStatusCode.Found) { Headers = { Location = new Uri(location, UriKind.RelativeOrAbsolute) } };

    /// <param name="answers">One after the other, the last one again and again; null = none ever comes.</param>
    private async Task<(AddressEnd End, List<HttpRequestMessage> Asked)> AskAsync(string address, params Func<HttpResponseMessage>?[] answers)
    {
        using var server = new Server(answers, time);
        using var check = new AddressCheck(new Uri(address), log, time, server);
        return (await check.RunAsync(AddressCheck.Limit, CancellationToken.None), server.Asked);
    }

    private sealed class Server(Func<HttpResponseMessage>?[] answers, PausesJump time) : HttpMessageHandler
    {
        public List<HttpRequestMessage> Asked { get; } = [];

        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            Asked.Add(request);
            if (answers[Math.Min(Asked.Count, answers.Length) - 1] is { } answer)
                return answer();
            time.Advance(TimeSpan.FromSeconds(10));
            await Task.Delay(Timeout.Infinite, cancellationToken);
            throw new InvalidOperationException("the try has no limit");
        }
    }

    /// <summary>Time that jumps over pauses, but not to the limit of a try.</summary>
    private sealed class PausesJump : FakeTimeProvider
    {
        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        {
            var timer = base.CreateTimer(callback, state, dueTime, period);
            if (dueTime > TimeSpan.Zero && dueTime < TimeSpan.FromSeconds(10))
                Advance(dueTime);
            return timer;
        }
    }
}
