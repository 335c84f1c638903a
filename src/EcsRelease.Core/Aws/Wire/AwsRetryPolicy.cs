using Amazon.Runtime;
using Amazon.Runtime.Internal;

namespace EcsRelease.Aws.Wire;

/// <summary>The SDK's standard retries, with what they do not know about ECS (ecs-api.md 1): a message that means
/// "later", codes that mean "never", and operations that must not be repeated once they may have been done. Refusals
/// that take longer to pass are <see cref="NotYet"/>'s.</summary>
internal sealed class AwsRetryPolicy(IClientConfig config, TimeProvider time, Random jitter) : StandardRetryPolicy(config)
{
    private const string LaterMessage = "Too many concurrent attempts to create a new revision";

    // The SDK takes LimitExceededException for throttling; ECS means a quota that waiting does not change.
    private static readonly HashSet<string> s_never = ["LimitExceededException"];

    public override Task<bool> RetryForExceptionAsync(IExecutionContext executionContext, Exception exception) =>
        Decide(executionContext, exception) is { } decided ? Task.FromResult(decided) : base.RetryForExceptionAsync(executionContext, exception);

    public override bool RetryForException(IExecutionContext executionContext, Exception exception) =>
        Decide(executionContext, exception) ?? base.RetryForException(executionContext, exception);

    public override bool IsThrottlingError(Exception exception) =>
        !IsNever(exception) && (base.IsThrottlingError(exception) || IsLater(exception));

    // It resends what may have arrived and does not count; the pool's idle limit avoids stale connections.
    public override bool IsStaleConnectionError(Exception exception) => false;

    public override Task WaitBeforeRetryAsync(IExecutionContext executionContext)
    {
        var retries = executionContext.RequestContext.Retries;
        var ceiling = Math.Min(MaxBackoffInMilliseconds, 500 * Math.Pow(2, Math.Max(0, retries - 1)));
#pragma warning disable CA5394 // Jitter needs no secrecy.
        var delay = TimeSpan.FromMilliseconds(ceiling * (0.5 + (0.5 * jitter.NextDouble())));
#pragma warning restore CA5394
        return Task.Delay(delay, time, executionContext.RequestContext.CancellationToken);
    }

    private bool? Decide(IExecutionContext context, Exception exception)
    {
        if (IsNever(exception))
            return false;
        if (IsLater(exception) || IsThrottlingError(exception) || AnswerFailure.WasNotSent(exception))
            return true;
        return ((JsonCall)context.RequestContext.OriginalRequest).MayBeRepeated ? null : false;
    }

    private static bool IsNever(Exception exception) => exception is AmazonServiceException refusal && s_never.Contains(refusal.ErrorCode);

    private static bool IsLater(Exception exception) =>
        exception is AmazonServiceException refusal && refusal.Message.Contains(LaterMessage, StringComparison.Ordinal);
}
