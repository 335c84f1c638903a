using System.Text.Json;
using System.Text.Json.Nodes;
using EcsRelease.LocalAws.Sts;

namespace EcsRelease.LocalAws.Http;

/// <param name="SigningName">The service's name in the signature.</param>
/// <param name="Invoke">The operation itself.</param>
internal sealed record SignedCall(string SigningName, string Operation, JsonObject Input, Func<JsonObject, AwsCaller, Task<JsonObject>> Invoke);

/// <summary>What every signed call that is answered in JSON goes through: its signature, the quotas, the faults.</summary>
public sealed partial class SignedCalls(
    SigV4Verifier verifier, FaultSwitches faults, CallLog calls, ThrottleBudgets budgets, IdleClock idle, LocalAwsSettings settings, ILogger<SignedCalls> logger)
{
    /// <param name="read">Finds out what is asked.</param>
    /// <param name="writeError">Answers an error in the protocol's form.</param>
    internal async Task RunAsync(
        HttpContext context, byte[] body, string rawTarget, string contentType, Func<SignedCall> read, Func<AwsException, Task> writeError)
    {
        try
        {
            var call = read();
            var key = verifier.Verify(context.Request, body, rawTarget, call.SigningName);
            using var use = idle.Begin();
            var caller = new AwsCaller(settings.Account, settings.Region, key.Arn);
            calls.Add(call.SigningName, call.Operation);
            budgets.Take(call.SigningName, call.Operation);
            var fault = faults.Take(call.SigningName, call.Operation, call.Input["tags"] is JsonArray { Count: > 0 });
            await faults.BeforeAsync(fault, call.Operation, context, found => FaultSwitches.Error(found, call.Operation, call.Input, caller));

            var answer = await call.Invoke(call.Input, caller);
            if (await faults.AnswersAsync(fault, call.Operation, context))
                await Json.WriteAsync(context.Response, answer, contentType, context.RequestAborted);
        }
        catch (AwsException e)
        {
            await writeError(e);
        }
        catch (Exception e) when (e is not OperationCanceledException && !context.Response.HasStarted)
        {
            LogFailure(logger, rawTarget, e);
            await writeError(new AwsException("ServerException", $"The local AWS failed: {e.Message} See server.log.", 500));
        }
    }

    internal static JsonObject Parse(byte[] body)
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

    [LoggerMessage(Level = LogLevel.Error, Message = "{Target} failed.")]
    private static partial void LogFailure(ILogger logger, string target, Exception exception);
}
