using System.Text.Json.Nodes;

namespace EcsRelease.Tests.Aws.Botocore;

/// <summary>All scripted tests look at their requests with these models where the machine has them; this one says whether.</summary>
public class BotocoreModelsTests
{
    private static readonly (string Operation, string Request, string Problem)[] _refused =
    [
        ("RegisterTaskDefinition", """{"family":"orders"}""", "RegisterTaskDefinition lacks 'containerDefinitions'"),
        ("UpdateService", """{"service":"orders","desiredCount":"2"}""", """UpdateService.desiredCount is "2", not a integer"""),
        ("StopServiceDeployment", """{"serviceDeploymentArn":"arn","stopType":"KILL"}""", "StopServiceDeployment.stopType is 'KILL', not one of ABORT, ROLLBACK"),
        ("CreateRepository", """{"repositoryName":"Orders"}""", "CreateRepository.repositoryName is 'Orders', which does not match"),
        ("GetLogEvents", """{"logGroupName":"/ecs/orders"}""", "GetLogEvents lacks 'logStreamName'"),
        ("GetRole", "{}", "GetRole lacks 'RoleName'"),
        ("DescribeTargetHealth", """{"TargetGroup":"x"}""", "DescribeTargetHealth lacks 'TargetGroupArn'"),
        ("TagResource", """{"resourceArn":"arn","tags":[{"name":"x"}]}""", "TagResource.tags[0]"),
        ("UpdateServices", "{}", "has the operation UpdateServices"),
    ];

    [Test]
    public void Requests_are_checked_against_the_models_of_AWS()
    {
        var models = Required();

        foreach (var (operation, request, problem) in _refused)
            string.Join("; ", models.Problems(operation, Json(request))).Should().Contain(problem);
        models.Problems("UpdateService", Json("""
            {"service":"orders","deploymentConfiguration":{"deploymentCircuitBreaker":{"enable":true,"rollback":true,"resetOnHealthyTask":false},
             "earlySuccessCriteria":{"enable":true,"healthyPercent":50}}}
            """)).Should().BeEmpty("newer-members.json lists what the models lack");
        TestContext.Out.WriteLine($"Requests are checked against the models in {models.Folder}");
    }

    [Test]
    public void A_member_that_the_models_lack_is_listed_with_its_source() =>
        NewerMembers.Read().All.Should().NotBeEmpty().And.OnlyContain(each => each.Source.StartsWith("https://", StringComparison.Ordinal) || each.Source.StartsWith("made up", StringComparison.Ordinal));

    /// <summary>Ignores the test where this machine has no models, or fails it when ECS_RELEASE_REQUIRE names `botocore`: an AWS CLI may bring old ones.</summary>
    private static BotocoreModels Required()
    {
        if (BotocoreModels.Found is { } found)
            return found;
        const string missing = "botocore's models (the AWS CLI brings them) are not here, or older than service deployments: no request is checked against them";
        if ((Environment.GetEnvironmentVariable("ECS_RELEASE_REQUIRE") ?? "").Split(',').Contains("botocore"))
            Assert.Fail($"{missing}, but ECS_RELEASE_REQUIRE names botocore");
        Assert.Ignore(missing);
        throw new InvalidOperationException(missing);
    }

    private static JsonObject Json(string text) => (JsonObject)JsonNode.Parse(text)!;
}
