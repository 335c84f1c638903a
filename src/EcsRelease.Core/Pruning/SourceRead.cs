using EcsRelease.Aws;

namespace EcsRelease.Pruning;

/// <summary>Reads one source of references. One that AWS refuses is noted: then all that it could refer to stays.</summary>
internal static class SourceRead
{
    // What is gone since it was listed refers to nothing.
    private static readonly string[] _gone = ["ServiceNotFoundException", "ServiceNotActiveException", "ClusterNotFoundException", "ResourceNotFoundException"];

    /// <param name="actions">The IAM actions that it takes.</param>
    /// <returns>Null when it could not be read, or is gone.</returns>
    /// <exception cref="AwsServiceException">The network, the credentials or the service fails: nothing can be said.</exception>
    public static async Task<T?> TryAsync<T>(References into, string what, string actions, Func<Task<T>> read, bool onlyImages = false)
        where T : class
    {
        try
        {
            return await read();
        }
        catch (AwsServiceException refused) when (_gone.Contains(refused.ErrorCode))
        {
            return null;
        }
        catch (AwsServiceException refused) when (!refused.IsPassing && !AwsErrors.IsAboutCredentials(refused.ErrorCode))
        {
            into.AddUnread(new(what, actions, refused.Message, onlyImages));
            return null;
        }
    }
}
