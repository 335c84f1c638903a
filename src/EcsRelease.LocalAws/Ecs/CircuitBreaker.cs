using EcsRelease.LocalAws.Http;

namespace EcsRelease.LocalAws.Ecs;

/// <summary>The deployment circuit breaker's threshold
/// (https://docs.aws.amazon.com/AmazonECS/latest/developerguide/deployment-circuit-breaker.html).</summary>
internal static class CircuitBreaker
{
    private const int Lowest = 3;
    private const int Highest = 200;

    /// <summary>Consecutive failed tasks that trip it: half of the desired count, within 3 and 200, unless configured.</summary>
    public static int Threshold(ServiceView service)
    {
        var configured = service.Breaker.Object("thresholdConfiguration");
        var value = configured?.Number("value") ?? 50;
        var percent = (int)Math.Ceiling(service.Desired * value / 100.0);
        return configured?.Text("type") switch
        {
            "COUNT" => value,
            "UNBOUNDED_PERCENT" => Math.Max(percent, 1),
            _ => Math.Clamp(percent, Lowest, Highest),
        };
    }

    public static bool IsTripped(ServiceView service) =>
        service.Breaker.Flag("enable") == true
        && service.Primary.Text("rolloutState") == "IN_PROGRESS"
        && service.Rollout(service.Primary.Text("id")!).Failures >= Threshold(service);
}
