using System.Text.Json.Nodes;
using EcsRelease.LocalAws.Ecs;
using EcsRelease.LocalAws.Http;

namespace EcsRelease.LocalAws.Proxy;

public static class ServiceAddressEndpoints
{
    /// <summary>
    /// Maps `GET /_local/services/{cluster}/{service}`, outside of AWS's shapes:
    /// `{"address":"http://127.0.0.1:PORT","tasks":[{"id","port","open","healthy","primary"}]}`; address is absent without a tcp port; 404 for an unknown service.
    /// </summary>
    public static IEndpointRouteBuilder MapServiceAddresses(this IEndpointRouteBuilder endpoints)
    {
        endpoints.MapGet("/_local/services/{cluster}/{service}", async (HttpContext context, string cluster, string service) =>
        {
            var key = $"{cluster}/{service}";
            if (context.RequestServices.GetRequiredService<EcsStore>().Find(EcsStore.Services, key) is null)
                return Results.Json(new JsonObject { ["message"] = $"There is no service '{service}' in cluster '{cluster}'." }, statusCode: StatusCodes.Status404NotFound);
            var answer = new JsonObject
            {
                ["tasks"] = context.RequestServices.GetRequiredService<TaskPools>().Of(key).Select(task => (JsonNode)new JsonObject
                {
                    ["id"] = task.TaskId,
                    ["port"] = task.Port,
                    ["open"] = task.Open,
                    ["healthy"] = task.Healthy,
                    ["primary"] = task.Primary,
                }).ToJsonArray(),
            };
            if (await context.RequestServices.GetRequiredService<ServiceAddresses>().FindAsync(key) is { } address)
                answer["address"] = address;
            return Results.Json(answer);
        });
        return endpoints;
    }
}
