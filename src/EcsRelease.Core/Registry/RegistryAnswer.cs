using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace EcsRelease.Registry;

/// <summary>What a registry said in an answer that is not a success (distribution-spec, "Error codes").</summary>
/// <param name="Code">The server's code, e.g. `TAG_INVALID`; empty when the body has none.</param>
internal sealed record RegistryAnswer(string Request, HttpStatusCode Status, string Code, string Message)
{
    private const int LongestMessage = 300;

    public static async Task<RegistryAnswer> ReadAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        var request = Describe(response.RequestMessage!);
        string body;
        try
        {
            body = await response.Content.ReadAsStringAsync(cancellationToken);
        }
        catch (Exception cut) when (cut is HttpRequestException or IOException)
        {
            return new RegistryAnswer(request, response.StatusCode, "", "no readable body: " + cut.Message);
        }
        try
        {
            var error = JsonNode.Parse(body)?["errors"]?[0];
            if (error is not null)
                return new RegistryAnswer(request, response.StatusCode, (string?)error["code"] ?? "", Cut((string?)error["message"] ?? ""));
        }
        catch (Exception other) when (other is JsonException or InvalidOperationException or ArgumentOutOfRangeException)
        {
            return new RegistryAnswer(request, response.StatusCode, "", Cut(body));
        }
        return new RegistryAnswer(request, response.StatusCode, "", Cut(body));
    }

    public EcsReleaseException ToException() => Status is HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden
        ? Errors.RegistryDenied(Request, ToString())
        : Errors.RegistryAnswer(Request, (int)Status, ToString());

    public override string ToString() => (Code, Message) switch
    {
        ("", "") => "no reason given",
        ("", _) => Message,
        (_, "") => Code,
        _ => $"{Code}: {Message}",
    };

    /// <summary>Method and address, without the query.</summary>
    public static string Describe(HttpRequestMessage request) => $"{request.Method} {RegistryHost.Printable(request.RequestUri!.ToString())}";

    /// <summary>The reason of a failed connection in one line: the innermost cause says most.</summary>
    public static string Why(Exception failure)
    {
        for (var cause = failure; cause is not null; cause = cause.InnerException)
            if (cause is SocketException)
                return cause.Message;
        return failure is HttpRequestException { HttpRequestError: HttpRequestError.ResponseEnded }
            ? "the connection was cut"
            : failure.InnerException is { } inner ? $"{failure.Message} ({inner.Message})" : failure.Message;
    }

    private static string Cut(string text)
    {
        var line = text.ReplaceLineEndings(" ").Trim();
        return line.Length > LongestMessage ? line[..LongestMessage] + "…" : line;
    }
}
