using System.Text.Json.Nodes;

namespace EcsRelease.Tests.Gates;

public sealed class GateRecordTests
{
    [Test]
    public void The_shape_of_gates_in_the_release_record_is_a_promise()
    {
        var record = new ReleaseRecord
        {
            Version = "1.0", StartedAt = DateTimeOffset.UnixEpoch, Outcome = ReleaseOutcome.CheckFailed, Target = "aws",
            Gates = new(
                new() { Task = "arn:task/1", ExitCode = 0, Seconds = 4.2 },
                new() { Address = "https://orders.example.com/health", Status = 503, Seconds = 60.1, Rollback = new("arn:task-definition/orders:6", "succeeded", "arn:service-deployment/9") }),
        };

        var gates = JsonNode.Parse(record.ToJson())!["gates"]!.ToJsonString(new() { WriteIndented = true, NewLine = "\n" });

        gates.Should().Be(File.ReadAllText(Path.Combine(Repository.Root, "tests", "EcsRelease.Tests", "Gates", "gates.json")).TrimEnd());
    }
}
