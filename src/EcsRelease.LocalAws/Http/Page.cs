using System.Text;

namespace EcsRelease.LocalAws.Http;

/// <summary>
/// One page of a list, and the token of the next one: the key after which the list goes on. So nothing is left out when items,
/// also the last one given out, leave the list in between.
/// </summary>
internal sealed record Page<T>(IReadOnlyList<T> Items, string? NextToken)
{
    /// <param name="items">In any order; a page has them in ordinal order of their keys.</param>
    /// <param name="descending">Highest key first.</param>
    /// <exception cref="AwsException">The token is none of ours.</exception>
    public static Page<T> Of(IEnumerable<T> items, Func<T, string> key, string? token, int size, bool descending = false)
    {
        var after = token is { Length: > 0 } ? Decode(token) : null;
        var sorted = descending ? items.OrderByDescending(key, StringComparer.Ordinal) : items.OrderBy(key, StringComparer.Ordinal);
        var rest = sorted.Where(item => after is null || string.CompareOrdinal(key(item), after) * (descending ? -1 : 1) > 0).Take(size + 1).ToList();
        return rest.Count <= size
            ? new Page<T>(rest, null)
            : new Page<T>(rest[..size], Convert.ToBase64String(Encoding.UTF8.GetBytes(key(rest[size - 1]))));
    }

    private static string Decode(string token)
    {
        try
        {
            return Encoding.UTF8.GetString(Convert.FromBase64String(token));
        }
        catch (FormatException)
        {
            throw new AwsException("InvalidParameterException", "Invalid parameter at 'nextToken' failed to satisfy constraint: 'Invalid token'"); // constructed
        }
    }
}
