using System.Text.Json.Nodes;

namespace EcsRelease.Aws;

/// <summary>One AWS service, an operation a call, JSON in and out with every member kept. Signing, retries and
/// endpoints are below; typed names above (<c>AmazonEcsClient</c> …).</summary>
public interface IJsonService
{
    /// <exception cref="AwsServiceException">The service answered an error, or its answer was lost.</exception>
    Task<JsonObject> CallAsync(string operation, JsonObject request, CancellationToken cancellationToken);
}

/// <summary>An operation that AWS refused or whose answer never came.</summary>
public sealed class AwsServiceException(string operation, string errorCode, string message, Exception? innerException = null)
    : Exception(message, innerException)
{
    /// <summary>`ecs:RegisterTaskDefinition`: the service's IAM prefix and the operation.</summary>
    public string Operation { get; } = operation;

    /// <summary>The exception's name in the service's model, e.g. `ClusterNotFoundException`.</summary>
    public string ErrorCode { get; } = errorCode;

    public string? RequestId { get; init; }

    public int StatusCode { get; init; }

    /// <summary>True after a timeout, a cut connection or a 5xx: the service may have done what was asked
    /// (DESIGN 7). Always false after a refusal.</summary>
    public bool IsAnswerLost { get; init; }

    /// <summary>Likely to be gone when the same is asked again: the network, throttling, a fault of the service.</summary>
    public bool IsPassing =>
        IsAnswerLost || IsThrottled || StatusCode >= 500
        || ErrorCode is AwsErrors.EndpointUnreachable or "ServerException" or "ServiceUnavailableException";

    /// <summary>Refused because too much was asked in too short a time; nothing was done.</summary>
    public bool IsThrottled =>
        StatusCode is 429
        || ErrorCode is "ThrottlingException" or "Throttling" or "TooManyRequestsException" or "RequestLimitExceeded"
        || Message.Contains("Rate exceeded", StringComparison.OrdinalIgnoreCase);

    public bool IsAccessDenied => ErrorCode is "AccessDeniedException" or "AccessDenied" or "UnauthorizedOperation";
}
