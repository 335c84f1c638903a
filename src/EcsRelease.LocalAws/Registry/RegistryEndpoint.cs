using System.Text;
using System.Text.RegularExpressions;
using EcsRelease.LocalAws.Ecr;
using EcsRelease.LocalAws.Http;
using EcsRelease.LocalAws.State;

namespace EcsRelease.LocalAws.Registry;

/// <summary>`/v2/…`: the registry protocol behind ECR's Basic token.</summary>
internal sealed partial class RegistryEndpoint(
    EcrTokens tokens, EcrRepositories repositories, BlobEndpoints blobs, ManifestEndpoints manifests, ServerAddress address, FaultSwitches faults, CallLog calls, IdleClock idle)
{
    public async Task HandleAsync(HttpContext context)
    {
        context.Response.Headers["Docker-Distribution-Api-Version"] = "registry/2.0";
        try
        {
            if (!await IsAuthorizedAsync(context))
                return;
            using var use = idle.Begin();
            await RouteAsync(context);
        }
        catch (RegistryError e)
        {
            await e.WriteAsync(context.Response, context.RequestAborted);
        }
    }

    private async Task RouteAsync(HttpContext context)
    {
        var path = context.Request.Path.Value!;
        var method = context.Request.Method;
        if (path is "/v2/" or "/v2")
            return;
        var match = PathForm().Match(path);
        var repository = match.Groups["name"].Value;
        if (!match.Success)
            throw new RegistryError(404, "UNSUPPORTED", $"'{path}' is not a path of the registry protocol that is offered");
        if (!RegistryNames.IsRepository(repository))
            throw new RegistryError(400, "NAME_INVALID", $"The repository name '{repository}' must satisfy the regular expression '{RegistryNames.RepositoryPattern}'");
        if (repositories.Find(repository) is null)
            throw RegistryError.NameUnknown(repository, repositories.Registry);

        var reference = match.Groups["reference"].Value;
        var what = match.Groups["what"].Value;
        var operation = $"{method} {what}";
        calls.Add("registry", operation);
        var fault = faults.Take("registry", operation, passesTags: false);
        await faults.BeforeAsync(fault, operation, context, RegistryError.Of);
        if (fault?.IsOfAnswer != true)
        {
            await AnswerAsync(context, repository, what, reference);
            return;
        }
        // Nothing of the answer may leave before it is certain what becomes of it.
        var body = context.Response.Body;
        using var answer = new MemoryStream();
        try
        {
            context.Response.Body = fault.Kind == FaultSwitches.LoseAnswer ? Stream.Null : answer;
            await AnswerAsync(context, repository, what, reference);
        }
        finally
        {
            context.Response.Body = body;
        }
        if (await faults.AnswersAsync(fault, operation, context))
            await body.WriteAsync(answer.ToArray(), context.RequestAborted);
    }

    private Task AnswerAsync(HttpContext context, string repository, string what, string reference) =>
        (what, context.Request.Method) switch
        {
            ("manifests", "GET" or "HEAD") => manifests.GetAsync(context, repository, reference),
            ("manifests", "PUT") => manifests.PutAsync(context, repository, reference),
            ("blobs", "GET" or "HEAD") => blobs.GetAsync(context, repository, reference),
            ("blobs/uploads", "POST") when reference.Length == 0 => blobs.StartAsync(context, repository),
            ("blobs/uploads", "PATCH") => blobs.PatchAsync(context, repository, reference),
            ("blobs/uploads", "PUT") => blobs.PutAsync(context, repository, reference),
            ("blobs/uploads", "GET") => Done(() => blobs.Status(context, repository, reference)),
            ("blobs/uploads", "DELETE") => Done(() => blobs.Cancel(context, repository, reference)),
            ("referrers", "GET") => manifests.ReferrersAsync(context, repository, reference),
            ("tags", "GET") when reference == "list" => manifests.TagsAsync(context, repository),
            _ => throw new RegistryError(405, "UNSUPPORTED", "The operation is unsupported."),
        };

    private async Task<bool> IsAuthorizedAsync(HttpContext context)
    {
        switch (tokens.Check(Password(context.Request.Headers.Authorization.ToString())))
        {
            case TokenState.Valid:
                return true;
            case TokenState.Expired:
                throw RegistryError.TokenExpired();
            default:
                context.Response.StatusCode = StatusCodes.Status401Unauthorized;
                context.Response.Headers.WWWAuthenticate = $"Basic realm=\"{address.Endpoint}/\",service=\"ecr.amazonaws.com\"";
                context.Response.ContentType = "text/plain; charset=utf-8";
                await context.Response.WriteAsync("Not Authorized\n", context.RequestAborted);
                return false;
        }
    }

    private static string Password(string header)
    {
        const string scheme = "Basic ";
        if (!header.StartsWith(scheme, StringComparison.OrdinalIgnoreCase))
            return "";
        var bytes = new byte[header.Length];
        if (!Convert.TryFromBase64String(header[scheme.Length..].Trim(), bytes, out var length))
            return "";
        var pair = Encoding.UTF8.GetString(bytes, 0, length);
        return pair.StartsWith("AWS:", StringComparison.Ordinal) ? pair[4..] : "";
    }

    private static Task Done(Action work)
    {
        work();
        return Task.CompletedTask;
    }

    // The last match of `/manifests/` and the like counts, since a repository's name may hold such a word.
    [GeneratedRegex(@"^/v2/(?<name>.+)/(?:(?<what>blobs/uploads)/(?<reference>[^/]*)|(?<what>manifests|blobs|tags|referrers)/(?<reference>[^/]+))\z")]
    private static partial Regex PathForm();
}
