using System.Text.Json.Nodes;
using EcsRelease.LocalAws.Logs;
using EcsRelease.LocalAws.Tests.Support;
using Microsoft.Extensions.DependencyInjection;

namespace EcsRelease.LocalAws.Tests.Logs;

[Parallelizable(ParallelScope.All)]
public class LogsTests
{
    private static readonly DateTimeOffset Start = DateTimeOffset.FromUnixTimeMilliseconds(DateTimeOffset.UtcNow.AddMinutes(-10).ToUnixTimeMilliseconds());

    [Test]
    public async Task What_a_task_writes_is_read_in_order_until_the_token_repeats()
    {
        await using var aws = await StartAsync("one", "two", "three");
        var input = new JsonObject { ["logGroupName"] = "/ecs/orders", ["logStreamName"] = "web/app/1", ["startFromHead"] = true, ["limit"] = 2 };

        var first = await NextAsync(aws, input, null);
        var second = await NextAsync(aws, input, first.Token);
        var third = await NextAsync(aws, input, second.Token);

        first.Messages.Should().Equal("one", "two");
        second.Messages.Should().Equal("three");
        third.Messages.Should().BeEmpty();
        third.Token.Should().Be(second.Token);
    }

    [Test]
    public async Task New_lines_are_found_with_the_token_of_the_end()
    {
        await using var aws = await StartAsync("one");
        var input = new JsonObject { ["logGroupName"] = "/ecs/orders", ["logStreamName"] = "web/app/1", ["startFromHead"] = true };
        var end = await NextAsync(aws, input, (await NextAsync(aws, input, null)).Token);

        aws.Services.GetRequiredService<ILogStore>().Append("/ecs/orders", "web/app/1", Start.AddSeconds(60), "late");

        (await NextAsync(aws, input, end.Token)).Messages.Should().Equal("late");
    }

    [Test]
    public async Task Without_startFromHead_the_newest_come_first_and_the_backward_token_leads_to_the_older()
    {
        await using var aws = await StartAsync("one", "two", "three");
        var input = new JsonObject { ["logGroupName"] = "/ecs/orders", ["logStreamName"] = "web/app/1", ["limit"] = 2 };

        var newest = await aws.CallAsync("logs", "GetLogEvents", input);
        input["nextToken"] = newest["nextBackwardToken"]!.GetValue<string>();
        var older = await aws.CallAsync("logs", "GetLogEvents", input);

        Messages(newest).Should().Equal("two", "three");
        Messages(older).Should().Equal("one");
    }

    [Test]
    public async Task An_empty_stream_has_a_forward_token_that_finds_its_first_line()
    {
        await using var aws = await StartAsync();
        var input = new JsonObject { ["logGroupName"] = "/ecs/orders", ["logStreamName"] = "web/app/1" };
        var empty = await NextAsync(aws, input, null);

        aws.Services.GetRequiredService<ILogStore>().Append("/ecs/orders", "web/app/1", Start, "first");

        (await NextAsync(aws, input, empty.Token)).Messages.Should().Equal("first");
    }

    [Test]
    public async Task A_time_range_includes_its_start_and_not_its_end()
    {
        await using var aws = await StartAsync("one", "two", "three");

        var events = await aws.CallAsync("logs", "GetLogEvents", new JsonObject
        {
            ["logGroupName"] = "/ecs/orders",
            ["logStreamName"] = "web/app/1",
            ["startTime"] = Start.AddSeconds(1).ToUnixTimeMilliseconds(),
            ["endTime"] = Start.AddSeconds(2).ToUnixTimeMilliseconds(),
        });

        Messages(events).Should().Equal("two");
    }

    [TestCase("", new[] { "GET /a 200", "GET /b 500", "POST /a 500" })]
    [TestCase("500", new[] { "GET /b 500", "POST /a 500" })]
    [TestCase("500 POST", new[] { "POST /a 500" })]
    [TestCase("\"/a 200\"", new[] { "GET /a 200" })]
    [TestCase("500 -POST", new[] { "GET /b 500" })]
    [TestCase("?200 ?POST", new[] { "GET /a 200", "POST /a 500" })]
    public async Task Lines_are_filtered_by_terms(string pattern, string[] expected)
    {
        await using var aws = await StartAsync("GET /a 200", "GET /b 500", "POST /a 500");

        var events = await aws.CallAsync("logs", "FilterLogEvents", new JsonObject { ["logGroupName"] = "/ecs/orders", ["filterPattern"] = pattern });

        Messages(events).Should().Equal(expected);
    }

    [Test]
    public async Task Streams_are_merged_by_time_and_paged()
    {
        await using var aws = await StartAsync("one", "three");
        var store = aws.Services.GetRequiredService<ILogStore>();
        store.CreateStream("/ecs/orders", "web/app/2");
        store.CreateStream("/ecs/orders", "other/app/3");
        store.Append("/ecs/orders", "web/app/2", Start.AddMilliseconds(500), "two");
        store.Append("/ecs/orders", "other/app/3", Start, "not asked for");
        var input = new JsonObject { ["logGroupName"] = "/ecs/orders", ["logStreamNamePrefix"] = "web/", ["limit"] = 2 };

        var first = await aws.CallAsync("logs", "FilterLogEvents", input);
        input["nextToken"] = first["nextToken"]!.GetValue<string>();
        var second = await aws.CallAsync("logs", "FilterLogEvents", input);

        Messages(first).Should().Equal("one", "two");
        Messages(second).Should().Equal("three");
        second.ContainsKey("nextToken").Should().BeFalse();
    }

    [Test]
    public async Task Errors_are_worded_as_CloudWatch_words_them()
    {
        await using var aws = await StartAsync();

        (await aws.FailAsync("logs", "CreateLogGroup", new JsonObject { ["logGroupName"] = "/ecs/orders" })).Should().Be(
            ("ResourceAlreadyExistsException", "The specified log group already exists"));
        (await aws.FailAsync("logs", "GetLogEvents", new JsonObject { ["logGroupName"] = "/none", ["logStreamName"] = "a" })).Should().Be(
            ("ResourceNotFoundException", "The specified log group does not exist."));
        (await aws.FailAsync("logs", "GetLogEvents", new JsonObject { ["logGroupName"] = "/ecs/orders", ["logStreamName"] = "a" })).Should().Be(
            ("ResourceNotFoundException", "The specified log stream does not exist."));
        (await aws.FailAsync("logs", "GetLogEvents", new JsonObject { ["logGroupName"] = "/ecs/orders", ["logStreamName"] = "web/app/1", ["nextToken"] = "made up" })).Should().Be(
            ("InvalidParameterException", "The specified nextToken is invalid."));
        (await aws.FailAsync("logs", "PutRetentionPolicy", new JsonObject { ["logGroupName"] = "/ecs/orders", ["retentionInDays"] = 2 })).Type.Should().Be("InvalidParameterException");
    }

    [Test]
    public async Task Events_that_are_put_are_read_and_too_old_ones_are_told()
    {
        await using var aws = await StartAsync();
        JsonObject Event(DateTimeOffset at, string message) => new() { ["timestamp"] = at.ToUnixTimeMilliseconds(), ["message"] = message };

        var answer = await aws.CallAsync("logs", "PutLogEvents", new JsonObject
        {
            ["logGroupName"] = "/ecs/orders",
            ["logStreamName"] = "web/app/1",
            ["logEvents"] = new JsonArray(Event(Start.AddDays(-20), "old"), Event(Start, "new")),
        });

        answer["rejectedLogEventsInfo"]!.ToJsonString().Should().Be("""{"tooOldLogEventEndIndex":1}""");
        Messages(await aws.CallAsync("logs", "FilterLogEvents", new JsonObject { ["logGroupName"] = "/ecs/orders" })).Should().Equal("new");
    }

    [Test]
    public async Task Groups_streams_and_lines_survive_a_restart()
    {
        await using var aws = await StartAsync("one");
        await aws.CallAsync("logs", "PutRetentionPolicy", new JsonObject { ["logGroupName"] = "/ecs/orders", ["retentionInDays"] = 7 });

        await aws.RestartAsync();

        var groups = await aws.CallAsync("logs", "DescribeLogGroups", new JsonObject { ["logGroupNamePrefix"] = "/ecs" });
        groups["logGroups"]![0]!["retentionInDays"]!.GetValue<int>().Should().Be(7);
        var streams = await aws.CallAsync("logs", "DescribeLogStreams", new JsonObject { ["logGroupName"] = "/ecs/orders" });
        streams["logStreams"]![0]!["lastEventTimestamp"]!.GetValue<long>().Should().Be(Start.ToUnixTimeMilliseconds());
        Messages(await aws.CallAsync("logs", "FilterLogEvents", new JsonObject { ["logGroupName"] = "/ecs/orders" })).Should().Equal("one");
    }

    [Test]
    public async Task A_deleted_group_takes_its_lines_with_it_and_swallows_later_ones()
    {
        await using var aws = await StartAsync("one");

        await aws.CallAsync("logs", "DeleteLogGroup", new JsonObject { ["logGroupName"] = "/ecs/orders" });
        aws.Services.GetRequiredService<ILogStore>().Append("/ecs/orders", "web/app/1", Start, "late");

        (await aws.CallAsync("logs", "DescribeLogGroups", []))["logGroups"]!.AsArray().Should().BeEmpty();
    }

    [Test]
    public void A_stream_keeps_its_newest_events()
    {
        using var folder = new TemporaryFolder();
        using var logs = new LogDatabase(folder.In("logs.db"), TimeProvider.System);
        logs.CreateGroup("g");
        logs.CreateStream("g", "s");
        var stream = logs.FindStream(logs.FindGroup("g")!, "s")!;

        for (var batch = 0; batch < 22; batch++)
            logs.Append(stream.Id, [.. Enumerable.Range(batch * 1000, 1000).Select(number => ((long)number, $"{number}"))]);

        var kept = logs.FindStream(logs.FindGroup("g")!, "s")!;
        kept.First.Should().Be(22_000 - LogDatabase.EventsPerStream);
        kept.Last.Should().Be(21_999);
    }

    private static async Task<LocalAwsFixture> StartAsync(params string[] lines)
    {
        var aws = await LocalAwsFixture.StartAsync();
        var store = aws.Services.GetRequiredService<ILogStore>();
        store.CreateGroup("/ecs/orders");
        store.CreateStream("/ecs/orders", "web/app/1");
        for (var line = 0; line < lines.Length; line++)
            store.Append("/ecs/orders", "web/app/1", Start.AddSeconds(line), lines[line]);
        return aws;
    }

    private static async Task<(IReadOnlyList<string> Messages, string Token)> NextAsync(LocalAwsFixture aws, JsonObject input, string? token)
    {
        var page = input.DeepClone().AsObject();
        if (token is not null)
            page["nextToken"] = token;
        var answer = await aws.CallAsync("logs", "GetLogEvents", page);
        return (Messages(answer), answer["nextForwardToken"]!.GetValue<string>());
    }

    private static List<string> Messages(JsonObject answer) => [.. answer["events"]!.AsArray().Select(one => one!["message"]!.GetValue<string>())];
}
