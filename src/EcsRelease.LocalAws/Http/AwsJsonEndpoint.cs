using System.Text.Json;
using System.Text.Json.Nodes;
using EcsRelease.LocalAws.Sts;

namespace EcsRelease.LocalAws.Http;

/// <summary>POST / with X-Amz-Target: JSON 1.1 (https://smithy.io/2.0/aws/protocols/aws-json-1_1-protocol.html).</summary>
public sealed partial class AwsJsonEndpoint(
    IEnumerable<IAwsJsonService> services, SigV4Verifier verifier, FaultSwitches faults, CallLog calls, ThrottleBudgets budgets,
    IdleClock idle, LocalAwsSettings settings, ILogger<AwsJsonEndpoint> logger)
{
    private static readonly Dictionary<string, string> SigningNames = new(StringComparer.Ordinal)
    {
        ["AmazonEC2ContainerServiceV20141113"] = "ecs",
        ["AmazonEC2ContainerRegistry_V20150921"] = "ecr",
        ["Logs_20140328"] = "logs",
    };

    private readonly Dictionary<string, IAwsJsonService> services = services.ToDictionary(service => service.TargetPrefix);

    public async Task HandleAsync(HttpContext context, byte[] body, string rawTarget, string target)
    {
        try
        {
            var dot = target.LastIndexOf('.');
            var (prefix, operation) = dot < 0 ? ("", target) : (target[..dot], target[(dot + 1)..]);
            if (!SigningNames.TryGetValue(prefix, out var signingName) || !services.TryGetValue(prefix, out var service))
                throw new AwsException("UnknownOperationException", $"The local AWS does not offer {target}.");
            var key = verifier.Verify(context.Request, body, rawTarget, signingName);
            using var use = idle.Begin();
            var caller = new AwsCaller(settings.Account, settings.Region, key.Arn);
            var input = Parse(body);
            calls.Add(signingName, operation);
            budgets.Take(signingName, operation);
            var fault = faults.Take(signingName, operation, input["tags"] is JsonArray { Count: > 0 });
            await faults.BeforeAsync(fault, operation, context, found => FaultSwitches.Error(found, operation, input, caller));

            // A caller that hangs up has started the operation all the same, as on AWS.
            var answer = await service.InvokeAsync(operation, input, caller, CancellationToken.None);
            if (await faults.AnswersAsync(fault, operation, context))
                await Json.WriteAsync(context.Response, answer, Json.AwsContentType, context.RequestAborted);
        }
        catch (AwsException e)
        {
            await WriteErrorAsync(context, e);
        }
        catch (Exception e) when (e is not OperationCanceledException && !context.Response.HasStarted)
        {
            LogFailure(logger, target, e);
            await WriteErrorAsync(context, new AwsException("ServerException", $"The local AWS failed: {e.Message} See server.log.", 500));
        }
    }

    private static JsonObject Parse(byte[] body)
    {
        try
        {
            if (body.Length == 0)
                return [];
            var options = new JsonDocumentOptions { AllowDuplicateProperties = false };
            return JsonNode.Parse(body, documentOptions: options) as JsonObject
                ?? throw new AwsException("SerializationException", "Start of structure or map found where not expected.");
        }
        catch (JsonException e)
        {
            throw new AwsException("SerializationException", e.Message);
        }
    }

    private static async Task WriteErrorAsync(HttpContext context, AwsException e)
    {
        var body = e.Members.DeepClone().AsObject();
        body["__type"] = e.Type;
        body["message"] = e.Message;
        context.Response.StatusCode = e.Status;
        await Json.WriteAsync(context.Response, body, Json.AwsContentType, context.RequestAborted);
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "{Target} failed.")]
    private static partial void LogFailure(ILogger logger, string target, Exception exception);
}
