using System.Text.Json.Nodes;

namespace EcsRelease.Aws;

/// <summary>Amazon EventBridge Scheduler (docs.aws.amazon.com/scheduler/latest/APIReference). Lists page by `NextToken`;
/// what a schedule starts, only <see cref="GetScheduleAsync"/> tells.</summary>
public sealed class AmazonSchedulerClient(IJsonService service)
{
    /// <summary>The same client with something between it and the service.</summary>
    internal AmazonSchedulerClient Through(Func<IJsonService, IJsonService> layer) => new(layer(service));

    public Task<JsonObject> GetScheduleAsync(JsonObject request, CancellationToken cancellationToken) => service.CallAsync("GetSchedule", request, cancellationToken);

    public Task<JsonObject> ListScheduleGroupsAsync(JsonObject request, CancellationToken cancellationToken) => service.CallAsync("ListScheduleGroups", request, cancellationToken);

    public Task<JsonObject> ListSchedulesAsync(JsonObject request, CancellationToken cancellationToken) => service.CallAsync("ListSchedules", request, cancellationToken);
}
