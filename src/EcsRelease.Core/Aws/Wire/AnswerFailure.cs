using System.Net.Http;
using Amazon.Runtime;

namespace EcsRelease.Aws.Wire;

/// <summary>Turns what the SDK throws into <see cref="AwsServiceException"/>.</summary>
internal static class AnswerFailure
{
    /// <summary>The connection was never made, so nothing was asked. Only .NET's own word for that counts: the socket's
    /// error (host unreachable …) can also end an open connection, after the request was sent.</summary>
    public static bool WasNotSent(Exception exception) => Chain(exception).Any(cause => cause is
        HttpRequestException { HttpRequestError: HttpRequestError.ConnectionError or HttpRequestError.NameResolutionError
            or HttpRequestError.SecureConnectionError or HttpRequestError.ProxyTunnelError });

    public static AwsServiceException Of(string operation, Uri endpoint, Exception exception)
    {
        var place = endpoint.GetLeftPart(UriPartial.Authority);
        if (exception is AmazonUnmarshallingException unreadable)
            return Lost(operation, $"the answer from {place} cannot be read (request {unreadable.RequestId})");
        // No inner exception: the SDK's may quote the request or the body.
        if (exception is AmazonServiceException { StatusCode: not 0 } refusal)
            return new AwsServiceException(operation, refusal.ErrorCode, Shown(refusal))
            {
                RequestId = string.IsNullOrEmpty(refusal.RequestId) ? null : refusal.RequestId,
                StatusCode = (int)refusal.StatusCode,
                IsAnswerLost = (int)refusal.StatusCode >= 500,
            };
        var why = Chain(exception).Last(cause => cause.Message.Length > 0).Message;
        return WasNotSent(exception)
            ? new AwsServiceException(operation, AwsErrors.EndpointUnreachable, $"{place}: {why}", exception)
            : Lost(operation, $"no answer from {place}: {why}", exception);
    }

    private static AwsServiceException Lost(string operation, string message, Exception? cause = null) =>
        new(operation, AwsErrors.AnswerLost, message, cause) { IsAnswerLost = true };

    // Signature errors go on with the canonical request, session token included; the first line says it all.
    private static string Shown(AmazonServiceException refusal) =>
        refusal.ErrorCode is "SignatureDoesNotMatch" or "InvalidSignatureException" ? refusal.Message.Split('\n')[0].TrimEnd() : refusal.Message;

    private static IEnumerable<Exception> Chain(Exception? exception)
    {
        for (; exception is not null; exception = exception.InnerException)
            yield return exception;
    }
}
