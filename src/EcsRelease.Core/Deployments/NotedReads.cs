using EcsRelease.Aws;

namespace EcsRelease.Deployments;

/// <summary>Reads of evidence that may fail: what could not be read is noted, and the rest goes on.</summary>
internal sealed class NotedReads
{
    private readonly List<string> _notes = [];

    public IReadOnlyList<string> Notes => _notes;

    public void Note(string note) => _notes.Add(note);

    /// <returns>Null when it could not be read.</returns>
    public async Task<T?> TryAsync<T>(string what, Func<Task<T>> read)
        where T : class
    {
        try
        {
            return await read();
        }
        catch (AwsServiceException unread)
        {
            Note($"{what} could not be read: {unread.Operation}: {unread.ErrorCode}: {unread.Message}");
        }
        catch (EcsReleaseException unread)
        {
            // Credentials that are gone by now; the rollout's own outcome is known.
            Note($"{what} could not be read: {unread.Code}: {unread.Message}");
        }
        return null;
    }

    public Task TryAsync(string what, Func<Task> read) => TryAsync(what, async () =>
    {
        await read();
        return this;
    });
}
