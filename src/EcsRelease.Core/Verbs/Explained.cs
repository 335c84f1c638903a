using EcsRelease.Aws;

namespace EcsRelease.Verbs;

/// <summary>Every failure leaves the engine as a coded error.</summary>
internal static class Explained
{
    public static async Task<T> RunAsync<T>(string resource, Func<Task<T>> work)
    {
        try
        {
            return await work();
        }
        catch (AwsServiceException e)
        {
            throw AwsErrors.Explain(e, resource);
        }
        catch (Exception e) when (e is not (EcsReleaseException or OperationCanceledException))
        {
            throw Errors.UnexpectedFailure(e);
        }
    }
}
