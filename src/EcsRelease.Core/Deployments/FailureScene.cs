using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using EcsRelease.Aws;
using EcsRelease.TaskDefinitions;

namespace EcsRelease.Deployments;

/// <summary>The real names behind a failure, for the catalogue's texts. A name that is not known stays a word in
/// capitals that the reader replaces.</summary>
/// <param name="Definition">The task definition as described; empty when it could not be read.</param>
/// <param name="Service">The service as described; null for a one-off task.</param>
internal sealed partial record FailureScene(string Cluster, string? ServiceName, string Region, string? Revision, JsonObject Definition, JsonObject? Service)
{
    /// <param name="container">The container that failed.</param>
    /// <param name="text">What AWS said: it names the secret, the target group.</param>
    public string Fill(string template, string? container, string text) =>
        Name().Replace(template, match => Of(match.Groups[1].Value, container, text) is { Length: > 0 } value ? value : Unknown(match.Groups[1].Value));

    /// <summary>As <see cref="Fill"/>, each name as one word of a command.</summary>
    public string FillCommand(string template, string? container, string text) =>
        Name().Replace(template, match => Of(match.Groups[1].Value, container, text) is { Length: > 0 } value && !value.Contains(", ", StringComparison.Ordinal)
            ? ShellWord.Of(match.Groups[1].Value == "secret" ? WholeSecret(value) : value)
            : Word(match.Groups[1].Value));

    /// <summary>What to do about a known text. What is said of ECR says nothing of an image from elsewhere.</summary>
    public string Next(KnownFailure known, string? container, string text) =>
        FillCommand(known.Next.Contains("{repository}", StringComparison.Ordinal) && !IsInEcr(Image(container, text)) ? KnownFailures.OtherRegistry : known.Next, container, text);

    /// <summary>The image that a text is about: of the container, or the one that the text names.</summary>
    public string? Image(string? container, string text) => About(container, text).Text("image");

    /// <summary>The container that has a health check of its own.</summary>
    public string? CheckedContainer => Definition.Objects("containerDefinitions").FirstOrDefault(each => each.Object("healthCheck") is not null).Text("name");

    // Where no container is to blame by its own reason, the text may still name the image of one.
    private JsonObject? About(string? container, string text) =>
        (container is null ? Definition.Objects("containerDefinitions").FirstOrDefault(each => each.Text("image") is { Length: > 0 } image && text.Contains(image, StringComparison.Ordinal)) : null)
        ?? Container(container);

    public JsonObject? Container(string? name) => Definition.Objects("containerDefinitions")
        .FirstOrDefault(each => name is null ? each.Flag("essential") ?? true : each.Text("name") == name);

    private string? Of(string name, string? container, string text)
    {
        var definition = About(container, text);
        var image = definition.Text("image");
        var log = definition.Object("logConfiguration").Object("options");
        return name switch
        {
            "cluster" => Cluster,
            "service" => ServiceName,
            "region" => Region,
            "revision" => Revision,
            "container" => container ?? definition.Text("name"),
            "image" => image,
            "repository" => image is null ? null : Repository(image),
            "registryRegion" => (image is null ? null : EcrAddress.Parse(ImageName.Repository(image))?.Region) ?? Region,
            "imageId" => image is null ? null : ImageId(image),
            "logGroup" => log.Text("awslogs-group"),
            "logRegion" => log.Text("awslogs-region") ?? Region,
            "secret" => SecretIn(text) ?? Secrets(definition),
            "targetGroup" => TargetGroup().Match(text) is { Success: true } named ? named.Value : TargetHealth.GroupsOf(Service) is [var first, ..] ? first : null,
            "executionRole" => Definition.Text("executionRoleArn"),
            "executionRoleName" => Definition.Text("executionRoleArn")?.Split('/')[^1],
            "memory" => Number(definition, "memory") ?? Definition.Text("memory") ?? Number(definition, "memoryReservation"),
            "architecture" => Definition.Object("runtimePlatform").Text("cpuArchitecture") ?? "X86_64",
            "healthCheck" => string.Join(' ', definition.Object("healthCheck").Texts("command")),
            _ => throw new ArgumentException($"The catalogue names {{{name}}}, which is nothing.", nameof(name)),
        };
    }

    private static string Unknown(string name) => name switch
    {
        "executionRole" => "the execution role",
        "image" => "of the container",
        "secret" => "of the task definition",
        "memory" => "its limit",
        _ => name.ToUpperInvariant(),
    };

    private static string Word(string name) => name switch
    {
        "executionRole" => "the execution role",
        "executionRoleName" => "ROLE",
        "targetGroup" => "ARN",
        "logGroup" => "GROUP",
        _ => name.ToUpperInvariant(),
    };

    private static string? Number(JsonObject? container, string name) => container.Integer(name)?.ToString(System.Globalization.CultureInfo.InvariantCulture);

    // Not known to be elsewhere: a host with a port may be ECR under another address (AWS_ENDPOINT_URL).
    private static bool IsInEcr(string? image)
    {
        if (image is null || EcrAddress.Parse(ImageName.Repository(image)) is not null)
            return true;
        var slash = image.IndexOf('/', StringComparison.Ordinal);
        return slash > 0 && image.AsSpan(0, slash).Contains(':');
    }

    // `HOST/NAME:TAG` and `HOST/NAME@DIGEST`
    private static string Repository(string image)
    {
        var name = image.Split('@')[0];
        var path = name[(name.IndexOf('/', StringComparison.Ordinal) + 1)..];
        return path.Split(':')[0];
    }

    private static string ImageId(string image) => image.Split('@') is [_, var digest] ? $"imageDigest={digest}" : $"imageTag={image.Split('/')[^1].Split(':') switch { [_, var tag] => tag, _ => "latest" }}";

    private static string? SecretIn(string text) =>
        SecretArn().Match(text) is { Success: true } arn ? arn.Value.TrimEnd('.', ':', ',')
        : Parameters().Match(text) is { Success: true } names ? names.Groups[1].Value.TrimEnd('.')
        : null;

    private static string Secrets(JsonObject? container) =>
        string.Join(", ", container.Objects("secrets").Select(each => each.Text("valueFrom")).OfType<string>());

    // `arn:PARTITION:secretsmanager:REGION:ACCOUNT:secret:NAME`, less key, stage and version that a valueFrom may add.
    private static string WholeSecret(string valueFrom) =>
        valueFrom.Split(':') is [_, _, "secretsmanager", ..] parts ? string.Join(':', parts.Take(7)) : valueFrom;

    [GeneratedRegex(@"\{(\w+)\}", RegexOptions.CultureInvariant)]
    private static partial Regex Name();

    [GeneratedRegex(@"arn:aws[\w-]*:(?:secretsmanager|ssm):[\w-]*:\d*:[\w+=,.@/:-]+", RegexOptions.CultureInvariant)]
    private static partial Regex SecretArn();

    [GeneratedRegex(@"invalid (?:ssm )?parameters: \[?([\w./-]+)", RegexOptions.CultureInvariant | RegexOptions.IgnoreCase)]
    private static partial Regex Parameters();

    [GeneratedRegex(@"arn:aws[\w-]*:elasticloadbalancing:[\w-]*:\d*:targetgroup/[\w/-]+", RegexOptions.CultureInvariant)]
    private static partial Regex TargetGroup();
}
