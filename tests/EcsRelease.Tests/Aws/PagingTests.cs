using System.Text.Json.Nodes;
using EcsRelease.Aws;

namespace EcsRelease.Tests.Aws;

[Parallelizable(ParallelScope.All)]
public sealed class PagingTests
{
    [Test]
    public async Task A_list_is_read_to_its_last_page()
    {
        var asked = new List<string>();
        Task<JsonObject> List(JsonObject request, CancellationToken cancellationToken)
        {
            asked.Add(request.ToJsonString());
            var answer = (string?)request["nextToken"] is null ? """{"taskArns":["a","b"],"nextToken":"t"}""" : """{"taskArns":["c"]}""";
            return Task.FromResult((JsonObject)JsonNode.Parse(answer)!);
        }

        var all = new List<string>();
        await foreach (var arn in Paging.ListAllAsync(List, new JsonObject { ["cluster"] = "default" }, "taskArns", CancellationToken.None))
            all.Add((string)arn!);

        all.Should().Equal("a", "b", "c");
        asked.Should().Equal("""{"cluster":"default"}""", """{"cluster":"default","nextToken":"t"}""");
    }

    [Test]
    public async Task Names_are_described_in_batches_and_failures_are_kept()
    {
        var sizes = new List<int>();
        Task<JsonObject> Describe(JsonObject request, CancellationToken cancellationToken)
        {
            var names = request["services"]!.AsArray().Select(name => (string)name!).ToList();
            sizes.Add(names.Count);
            return Task.FromResult(new JsonObject
            {
                ["services"] = new JsonArray([.. names.Skip(1).Select(name => new JsonObject { ["serviceName"] = name })]),
                ["failures"] = new JsonArray(new JsonObject { ["arn"] = names[0], ["reason"] = "MISSING" }),
            });
        }

        var names = Enumerable.Range(0, 23).Select(number => $"s{number}").ToList();
        var answer = await Paging.DescribeAllAsync(Describe, [], "services", names, "services", aCall: 10, CancellationToken.None);

        sizes.Should().Equal(10, 10, 3);
        answer["services"]!.AsArray().Should().HaveCount(20);
        answer["failures"]!.AsArray().Select(failure => (string)failure!["arn"]!).Should().Equal("s0", "s10", "s20");
    }
}
