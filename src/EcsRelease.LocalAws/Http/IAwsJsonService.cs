using System.Text.Json.Nodes;

namespace EcsRelease.LocalAws.Http;

/// <summary>A service that speaks AWS's JSON 1.1: one POST per operation, named by X-Amz-Target.</summary>
public interface IAwsJsonService
{
    /// <summary>The part of X-Amz-Target before the dot, e.g. `AmazonEC2ContainerServiceV20141113`.</summary>
    string TargetPrefix { get; }

    /// <exception cref="AwsException">Answered as AWS answers it. An operation that is not offered is an UnknownOperationException.</exception>
    Task<JsonObject> InvokeAsync(string operation, JsonObject input, AwsCaller caller, CancellationToken cancellationToken);
}

/// <param name="Arn">ARN of the identity that signed the request.</param>
public sealed record AwsCaller(string Account, string Region, string Arn);

/// <param name="type">The exception's name in the service's model, e.g. `ClusterNotFoundException`.</param>
public sealed class AwsException(string type, string message, int status = 400) : Exception(message)
{
    public string Type { get; } = type;

    public int Status { get; } = status;

    /// <summary>More members of the error's body, as its model has them.</summary>
    public JsonObject Members { get; init; } = [];
}
