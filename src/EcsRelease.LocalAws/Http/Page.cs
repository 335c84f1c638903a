using System.Text;

namespace EcsRelease.LocalAws.Http;

/// <summary>One page of a list, and the token of the next one: the key after which it goes on.</summary>
internal sealed record Page<T>(IReadOnlyList<T> Items, string? NextToken)
{
    /// <param name="items">In ordinal order of their keys.</param>
    public static Page<T> Of(IEnumerable<T> items, Func<T, string> key, string? token, int size)
    {
        var after = token is null ? null : Decode(token);
        var rest = items.Where(item => after is null || string.CompareOrdinal(key(item), after) > 0).Take(size + 1).ToList();
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
            throw new AwsException("InvalidParameterException", "Invalid parameter at 'nextToken' failed to satisfy constraint: 'Invalid token'");
        }
    }
}
