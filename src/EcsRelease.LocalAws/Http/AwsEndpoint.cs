using System.Buffers;
using EcsRelease.LocalAws.Sts;
using Microsoft.AspNetCore.Http.Features;

namespace EcsRelease.LocalAws.Http;

/// <summary>The one address of all services: JSON 1.1 by X-Amz-Target, else the query protocol (STS).</summary>
public sealed class AwsEndpoint(AwsJsonEndpoint json, StsEndpoint sts)
{
    /// <summary>PutImage carries a manifest of at most 4 MiB, as a JSON text; nothing else comes near.</summary>
    public const int BodyLimit = 8 * 1024 * 1024;

    public async Task HandleAsync(HttpContext context)
    {
        var requestId = Guid.NewGuid().ToString();
        context.Response.Headers["x-amzn-RequestId"] = requestId;
        var body = await ReadBodyAsync(context.Request, context.RequestAborted);
        if (body is null)
        {
            context.Response.StatusCode = StatusCodes.Status413PayloadTooLarge;
            await context.Response.WriteAsync($"The request is larger than {BodyLimit} bytes.", context.RequestAborted);
            return;
        }

        var rawTarget = context.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget;
        var target = context.Request.Headers["X-Amz-Target"].ToString();
        if (target.Length > 0)
            await json.HandleAsync(context, body, rawTarget, target);
        else
            await sts.HandleAsync(context, body, rawTarget, requestId);
    }

    /// <returns>Null when there is too much of it.</returns>
    internal static async Task<byte[]?> ReadBodyAsync(HttpRequest request, CancellationToken cancellationToken)
    {
        if (request.ContentLength > BodyLimit)
            return null;
        while (true)
        {
            var read = await request.BodyReader.ReadAsync(cancellationToken);
            if (read.Buffer.Length > BodyLimit)
                return null;
            if (read.IsCompleted)
            {
                var bytes = read.Buffer.ToArray();
                request.BodyReader.AdvanceTo(read.Buffer.End);
                return bytes;
            }

            request.BodyReader.AdvanceTo(read.Buffer.Start, read.Buffer.End);
        }
    }
}
