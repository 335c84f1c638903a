using System.Text.Json.Nodes;
using EcsRelease.Aws;

namespace EcsRelease.History;

/// <summary>Reads revisions with their tags, each once, within ECS's budget for such reads (50 at once, then 20 a second,
/// for all users of the account). What cannot be read is noted.</summary>
internal sealed class RevisionReads(AmazonEcsClient ecs, TimeProvider time)
{
    private const int AtOnce = 8;
    private const int MaxThrottled = 30;

    private readonly CallPace pace = new(time, perSecond: 15, burst: 30);
    private readonly Dictionary<string, JsonObject?> read = new(StringComparer.Ordinal);
    private readonly List<(string Revision, string Why)> unread = [];

    /// <summary>`orders:5, orders:4: why`, one line a reason.</summary>
    public IEnumerable<string> Unread => unread.GroupBy(each => each.Why, each => each.Revision).Select(group => $"{string.Join(", ", group)}: {group.Key}");

    /// <summary>Null where it was not read, or could not be.</summary>
    public JsonObject? Of(string? arn) => read.GetValueOrDefault(arn ?? "");

    public async Task ReadAsync(IEnumerable<string> arns, CancellationToken cancellationToken)
    {
        foreach (var some in arns.Distinct(StringComparer.Ordinal).Where(arn => !read.ContainsKey(arn)).Chunk(AtOnce))
            foreach (var (arn, described, why) in await Task.WhenAll(some.Select(arn => ReadAsync(arn, cancellationToken))))
            {
                read[arn] = described;
                if (why is not null)
                    unread.Add((arn.Split('/')[^1], why));
            }
    }

    private async Task<(string Arn, JsonObject? Described, string? Why)> ReadAsync(string arn, CancellationToken cancellationToken)
    {
        for (var throttled = 0; ; throttled++)
        {
            await pace.WaitAsync(isLook: false, cancellationToken);
            try
            {
                var described = await ecs.DescribeTaskDefinitionAsync(new() { ["taskDefinition"] = arn, ["include"] = new JsonArray("TAGS") }, cancellationToken);
                pace.Recover();
                return (arn, described, null);
            }
            catch (AwsServiceException tooMany) when (tooMany.IsThrottled && throttled < MaxThrottled)
            {
                pace.SlowDown();
            }
            catch (AwsServiceException refused)
            {
                return (arn, null, refused.Message);
            }
        }
    }
}
