using EcsRelease.Tests.Tool;

namespace EcsRelease.Tests.Verbs;

/// <summary>Scripts of a service `orders` whose deployment `d7` of revision orders:7 stands as the given answers say, one
/// after the other; orders:6 was live before it.</summary>
internal static class PausedService
{
    public const string Waiting = """{"serviceDeploymentArn":"d7","status":"IN_PROGRESS","lifecycleStage":"POST_TEST_TRAFFIC_SHIFT","lifecycleHookDetails":[{"hookId":"ecs-pause-1","targetType":"PAUSE","status":"AWAITING_ACTION","expiresAt":1767312000,"timeoutAction":"ROLLBACK"}]}""";

    public const string GoingOn = """{"serviceDeploymentArn":"d7","status":"IN_PROGRESS","lifecycleStage":"PRODUCTION_TRAFFIC_SHIFT","lifecycleHookDetails":[{"hookId":"ecs-pause-1","status":"SUCCEEDED"}]}""";

    public const string Successful = """{"serviceDeploymentArn":"d7","status":"SUCCESSFUL"}""";

    public const string RollingBack = """{"serviceDeploymentArn":"d7","status":"ROLLBACK_IN_PROGRESS"}""";

    public const string RolledBack = """{"serviceDeploymentArn":"d7","status":"ROLLBACK_SUCCESSFUL","statusReason":"Service deployment rolled back because of user action."}""";

    /// <param name="answer">Of the call that changes something.</param>
    /// <param name="live">Revision that is PRIMARY, look by look.</param>
    public static ScriptedTarget Script(string[] deployments, string answer = """{"serviceDeploymentArn":"d7"}""", string[]? live = null, string listed = """{"serviceDeploymentArn":"d7","createdAt":1767225600,"targetServiceRevisionArn":"r7","status":"IN_PROGRESS"}""") => new($$"""
        {"DescribeServices":[{{string.Join(',', (live ?? ["7"]).Select(Service))}}],
         "DescribeTaskDefinition":[{"taskDefinition":{"containerDefinitions":[{"name":"app","image":"host/orders:aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"}]},"tags":[]},{"taskDefinition":{"containerDefinitions":[{"name":"app","image":"host/orders:bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb"}]},"tags":[]}],
         "ListServiceDeployments":[{"serviceDeployments":[{{listed}}]}],
         "DescribeServiceRevisions":[{"serviceRevisions":[{"serviceRevisionArn":"r7","taskDefinition":"orders:7"}]}],
         "DescribeServiceDeployments":[{{string.Join(',', deployments.Select(each => $$"""{"serviceDeployments":[{{each}}]}"""))}}],
         "ContinueServiceDeployment":[{{answer}},{"serviceDeploymentArn":"d7"}],
         "StopServiceDeployment":[{{answer}},{"serviceDeploymentArn":"d7"}],
         "ListTasks":[{"taskArns":[]}]}
        """);

    private static string Service(string live) => $$"""
        {"services":[{"serviceName":"orders","status":"ACTIVE","taskDefinition":"orders:{{live}}","desiredCount":2,"runningCount":2,"events":[],
          "deployments":[{"id":"ecs-svc/{{live}}","status":"PRIMARY","taskDefinition":"orders:{{live}}","rolloutState":"{{(live == "7" ? "IN_PROGRESS" : "COMPLETED")}}","createdAt":1767225600,"runningCount":2,"desiredCount":2}]}]}
        """;
}
