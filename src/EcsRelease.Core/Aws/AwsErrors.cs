using System.Text.RegularExpressions;

namespace EcsRelease.Aws;

/// <summary>The words for AWS's refusals that mean the same for every verb; a missing cluster or service is the caller's to name.</summary>
public static partial class AwsErrors
{
    /// <summary>Error codes of our own, for requests that got no answer.</summary>
    public const string EndpointUnreachable = "EndpointUnreachable";

    public const string AnswerLost = "AnswerLost";

    /// <param name="resource">What was asked for, e.g. a service's name; used where AWS's message names none.</param>
    public static EcsReleaseException Explain(AwsServiceException exception, string resource) => exception switch
    {
        { ErrorCode: EndpointUnreachable } => Errors.EndpointUnreachable(exception.Message.Split(": ")[0], After(exception.Message), exception),
        { IsAccessDenied: true } => Denied(exception.Operation, resource, exception.Message),
        { ErrorCode: var code } when IsAboutCredentials(code) => Errors.CredentialsRefused(code, exception.Message),
        _ => Errors.AwsRefused(exception.Operation, resource, exception.ErrorCode, exception.Message, exception.RequestId, exception),
    };

    /// <summary>`User: ARN is not authorized to perform: ACTION on resource: ARN because …`; either part may be absent.</summary>
    internal static EcsReleaseException Denied(string operation, string resource, string message)
    {
        var match = NotAuthorized().Match(message);
        var action = match.Groups["action"] is { Success: true } named ? named.Value : operation;
        return Errors.AccessDenied(action, match.Groups["resource"] is { Success: true } on ? on.Value : resource, message);
    }

    internal static bool IsAboutCredentials(string? code) => code is
        "ExpiredToken" or "ExpiredTokenException" or "RequestExpired" or "UnrecognizedClientException" or "InvalidClientTokenId"
        or "InvalidSignatureException" or "SignatureDoesNotMatch" or "MissingAuthenticationToken" or "MissingAuthenticationTokenException"
        or "IncompleteSignature" or "InvalidAccessKeyId" or "AuthFailure";

    private static string After(string message) => message.IndexOf(": ", StringComparison.Ordinal) is var colon and >= 0 ? message[(colon + 2)..] : message;

    [GeneratedRegex(@"perform:? (?<action>[a-z0-9-]+:[A-Za-z]+)(?: on resource:? (?<resource>\S+))?", RegexOptions.CultureInvariant)]
    private static partial Regex NotAuthorized();
}
