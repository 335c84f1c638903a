using Amazon.Runtime;
using EcsRelease.Aws.Json11;

namespace EcsRelease.Aws.Targets;

/// <summary>What went wrong before the first call to ECS, in the words of <see cref="Errors"/>.</summary>
internal static class CredentialErrors
{
    public static EcsReleaseException Explain(string operation, string resource, string endpoint, Exception exception)
    {
        if (Chain(exception).OfType<EcsReleaseException>().FirstOrDefault() is { } said)
            return said;
        var refusal = Chain(exception).OfType<AmazonServiceException>().FirstOrDefault(cause => cause.StatusCode != 0);
        if (refusal is not null || AnswerFailure.WasNotSent(exception) || Chain(exception).Any(cause => cause is HttpRequestException or IOException))
        {
            var uri = Uri.TryCreate(endpoint, UriKind.Absolute, out var parsed) ? parsed : new Uri($"https://sts.{endpoint}/");
            var failure = AnswerFailure.Of(operation, uri, refusal ?? exception);
            return failure.ErrorCode == AwsErrors.AnswerLost
                ? Errors.EndpointUnreachable(uri.GetLeftPart(UriPartial.Authority), failure.Message, failure)
                : AwsErrors.Explain(failure, resource);
        }
        return Errors.NoCredentials(Line(exception));
    }

    /// <summary>The SDK's message on one line.</summary>
    public static string Line(Exception exception) =>
        string.Join(' ', exception.Message.Split((char[])['\r', '\n'], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)).TrimEnd('.');

    private static IEnumerable<Exception> Chain(Exception? exception)
    {
        for (; exception is not null; exception = exception.InnerException)
            yield return exception;
    }
}
