using System.Text.Json.Nodes;
using EcsRelease.Aws;

namespace EcsRelease.Deployments;

/// <summary>The stack or tool whose next run would undo a release, as the tags of the service tell it.</summary>
/// <param name="Tool">E.g. `CloudFormation`; a `managed-by` tag's own word when it is none that is known.</param>
/// <param name="Name">Of the stack, application …; null where no tag says it.</param>
public sealed record ServiceOwner(string Tool, string? Name = null)
{
    private const string StackName = "aws:cloudformation:stack-name";

    // Keys of tags, without case and separators, whose value is a tool.
    private static readonly HashSet<string> _managedBy = ["managedby", "provisionedby", "provisioner", "deployedby", "iac", "iactool"];

    // What a tag's value holds → the tool. CDK, SAM and Copilot run CloudFormation, but have commands of their own.
    private static readonly (string Word, string Tool)[] _words =
    [
        ("terraform", "Terraform"), ("terragrunt", "Terraform"), ("opentofu", "OpenTofu"), ("pulumi", "Pulumi"), ("crossplane", "Crossplane"),
        ("copilot", "Copilot"), ("cdk", "CDK"), ("cloudformation", "CloudFormation"),
    ];

    public string Text => this switch
    {
        { Tool: "CloudFormation", Name: { } stack } => $"CloudFormation stack '{stack}'",
        { Name: { } name } => $"{Tool} ({name})",
        _ => Tool,
    };

    /// <summary>How this owner takes over what a release stopped with: a command, names of the owner's own in capitals.
    /// Null where none is known.</summary>
    /// <param name="isImage">The image is handed on, else the revision.</param>
    /// <param name="value">The image's reference, or the revision's ARN.</param>
    /// <param name="service">Name of the service.</param>
    public string? Recipe(bool isImage, string value, string service)
    {
        string Parameter(string image, string revision) => ShellWord.Of($"{(isImage ? image : revision)}={value}");
        var stack = ShellWord.Of(Name ?? "STACK");
        return Tool switch
        {
            "CloudFormation" => $"aws cloudformation deploy --stack-name {stack} --template-file TEMPLATE --parameter-overrides {Parameter("Image", "TaskDefinition")}",
            "SAM" => $"sam deploy --stack-name {stack} --parameter-overrides {Parameter("Image", "TaskDefinition")}",
            "CDK" => $"cdk deploy {stack} --context {Parameter("image", "taskDefinition")}",
            "Copilot" when isImage => $"set image.location in copilot/{service}/manifest.yml to {value}, then: copilot svc deploy --name {ShellWord.Of(service)}",
            "Terraform" => $"terraform apply -var {Parameter("image", "task_definition")}",
            "OpenTofu" => $"tofu apply -var {Parameter("image", "task_definition")}",
            "Pulumi" => $"pulumi config set {(isImage ? "image" : "taskDefinition")} {ShellWord.Of(value)}{(Name is null ? "" : $" --stack {ShellWord.Of(Name)}")} && pulumi up",
            _ => null,
        };
    }

    /// <returns>Null when no tag names an owner.</returns>
    /// <param name="service">As DescribeServices answers it, tags included.</param>
    public static ServiceOwner? Of(JsonObject service)
    {
        var tags = service.Objects("tags").Select(tag => (Key: tag.Text("key") ?? "", Value: tag.Text("value") ?? "")).ToList();
        return OfProgram(tags) ?? tags.Select(tag => OfTag(tag.Key, tag.Value)).FirstOrDefault(owner => owner is not null);
    }

    // Copilot, CDK and others leave their own tags beside CloudFormation's: the program that people run comes first.
    private static ServiceOwner? OfProgram(List<(string Key, string Value)> tags)
    {
        string? Value(string key) => tags.FirstOrDefault(tag => tag.Key.Equals(key, StringComparison.OrdinalIgnoreCase)).Value;
        bool Has(string start) => tags.Any(tag => tag.Key.StartsWith(start, StringComparison.OrdinalIgnoreCase));
        var stack = Value(StackName);
        if (Value("copilot-application") is { } application)
            return new("Copilot", $"{application}/{Value("copilot-environment")}/{Value("copilot-service")}".TrimEnd('/'));
        if (Value("elasticbeanstalk:environment-name") is { } environment)
            return new("Elastic Beanstalk", environment);
        if (Has("pulumi:"))
            return new("Pulumi", Value("pulumi:stack"));
        if (Has("crossplane-"))
            return new("Crossplane", Value("crossplane-name"));
        if (Has("services.k8s.aws/"))
            return new("AWS Controllers for Kubernetes", Value("services.k8s.aws/namespace"));
        if (stack is null)
            return null;
        var named = tags.Select(tag => OfTag(tag.Key, tag.Value)?.Tool).FirstOrDefault(tool => tool is "CDK" or "SAM" or "Copilot");
        return new(named ?? (Has("aws-cdk:") ? "CDK" : "CloudFormation"), stack);
    }

    private static ServiceOwner? OfTag(string key, string value)
    {
        var plain = string.Concat(key.Where(char.IsLetterOrDigit)).ToLowerInvariant();
        if (_managedBy.Contains(plain))
            return value.Length == 0 || value.Equals("ecs-release", StringComparison.OrdinalIgnoreCase) ? null : Known(value) ?? new(value);
        // `terraform = true`, `Terraform:Workspace = production`.
        return Known(key) is { } owner && plain.StartsWith(owner.Tool.ToLowerInvariant(), StringComparison.Ordinal) && !IsNo(value) ? owner : null;
    }

    private static ServiceOwner? Known(string text) => text.Equals("SAM", StringComparison.OrdinalIgnoreCase) ? new("SAM") :
        _words.FirstOrDefault(word => text.Contains(word.Word, StringComparison.OrdinalIgnoreCase)) is { Tool: { } tool } ? new(tool) : null;

    private static bool IsNo(string value) => value.ToLowerInvariant() is "false" or "no" or "0" or "off" or "none";
}
