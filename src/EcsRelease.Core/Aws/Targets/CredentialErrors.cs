using Amazon.Runtime;
using EcsRelease.Aws.Wire;

namespace EcsRelease.Aws.Targets;

/// <summary>What went wrong before the first call to ECS, in the words of <see cref="Errors"/>.</summary>
internal static class CredentialErrors
{
    public static EcsReleaseException Explain(string operation, string resource, string endpoint, Exception exception)
    {
        if (Chain(exception).OfType<EcsReleaseException>().FirstOrDefault() is { } said)
            return said;
        if (Chain(exception).OfType<AwsServiceException>().FirstOrDefault() is { } passing)
            return AwsErrors.Explain(passing, resource);
        return Asked(operation, endpoint, exception) is { } failure ? AwsErrors.Explain(failure, resource) : Errors.NoCredentials(Line(exception));
    }

    /// <summary>A fault of STS or of the way to it that is likely to pass; else null. What it was asked for has not
    /// been sent, so no answer of that is lost.</summary>
    public static AwsServiceException? Passing(string operation, string endpoint, Exception exception) =>
        Asked(operation, endpoint, exception) is { IsPassing: true } failure ? failure : null;

    private static AwsServiceException? Asked(string operation, string endpoint, Exception exception)
    {
        var refusal = Chain(exception).OfType<AmazonServiceException>().FirstOrDefault(cause => cause.StatusCode != 0);
        if (refusal is null && !AnswerFailure.WasNotSent(exception) && !Chain(exception).Any(cause => cause is HttpRequestException or IOException))
            return null;
        var uri = Uri.TryCreate(endpoint, UriKind.Absolute, out var parsed) ? parsed : new Uri($"https://sts.{endpoint}/");
        var failure = AnswerFailure.Of(operation, uri, refusal ?? exception);
        return failure.ErrorCode == AwsErrors.AnswerLost
            ? new AwsServiceException(operation, AwsErrors.EndpointUnreachable, $"{uri.GetLeftPart(UriPartial.Authority)}: {failure.Message}", failure)
            : new AwsServiceException(operation, failure.ErrorCode, failure.Message, failure.InnerException) { RequestId = failure.RequestId, StatusCode = failure.StatusCode };
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
