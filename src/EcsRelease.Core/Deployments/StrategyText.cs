using System.Globalization;
using System.Text.Json.Nodes;
using EcsRelease.Aws;

namespace EcsRelease.Deployments;

/// <summary>How ECS is going to roll a revision out, in words (API page of DeploymentConfiguration).</summary>
internal static class StrategyText
{
    /// <param name="configuration">deploymentConfiguration of the service; null = ECS's defaults.</param>
    /// <param name="controller">ECS, CODE_DEPLOY, EXTERNAL.</param>
    public static IReadOnlyList<string> Of(JsonObject? configuration, string controller = "ECS")
    {
        if (controller != "ECS")
            return [$"by the deployment controller {controller}"];
        var strategy = configuration.Text("strategy") ?? "ROLLING";
        List<string> lines =
        [
            strategy switch
            {
                "ROLLING" => $"ROLLING, {configuration.Integer("minimumHealthyPercent") ?? 100} to {configuration.Integer("maximumPercent") ?? 200} % of the tasks, {Breaker(configuration)}",
                "LINEAR" => $"LINEAR, {Number(configuration.Object("linearConfiguration"), "stepPercent")} % of the traffic every {Number(configuration.Object("linearConfiguration"), "stepBakeTimeInMinutes")} min, {BakeTime(configuration)}",
                "CANARY" => $"CANARY, {Number(configuration.Object("canaryConfiguration"), "canaryPercent")} % of the traffic for {Number(configuration.Object("canaryConfiguration"), "canaryBakeTimeInMinutes")} min, {BakeTime(configuration)}",
                "BLUE_GREEN" => $"BLUE_GREEN, {BakeTime(configuration)}",
                _ => strategy,
            },
        ];
        if (configuration.Object("earlySuccessCriteria") is { } early && early.Flag("enable") == true)
            lines.Add($"succeeds early, with {Number(early, "healthyPercent")} % of the tasks healthy");
        if (configuration.Object("alarms") is { } alarms && alarms.Flag("enable") == true)
            lines.Add($"{(alarms.Flag("rollback") == true ? "rolls back" : "fails")} when an alarm fires: {string.Join(", ", alarms.Texts("alarmNames"))}");
        lines.AddRange(configuration.Objects("lifecycleHooks").Select(Hook));
        return lines;
    }

    private static string Breaker(JsonObject? configuration) => configuration.Object("deploymentCircuitBreaker") switch
    {
        { } breaker when breaker.Flag("enable") == true && breaker.Flag("rollback") == true => "circuit breaker with rollback",
        { } breaker when breaker.Flag("enable") == true => "circuit breaker without rollback",
        _ => "no circuit breaker",
    };

    private static string BakeTime(JsonObject? configuration) => $"bake time {Number(configuration, "bakeTimeInMinutes")} min";

    private static string Hook(JsonObject hook)
    {
        var stages = string.Join(", ", hook.Texts("lifecycleStages"));
        if (hook.Text("targetType") != "PAUSE")
            return $"runs {hook.Text("hookTargetArn") ?? hook.Text("targetType")} at {stages}";
        var limit = hook.Object("timeoutConfiguration");
        // The API's defaults of timeoutConfiguration.
        return $"pauses at {stages} until it is continued (after {limit.Integer("timeoutInMinutes") ?? 1440} min: {limit.Text("action") ?? "ROLLBACK"})";
    }

    // Percents may have a fraction.
    private static string Number(JsonObject? parent, string name) =>
        parent?[name] is JsonValue value && value.TryGetValue<double>(out var number) ? number.ToString("0.#", CultureInfo.InvariantCulture) : "?";
}
