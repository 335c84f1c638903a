namespace EcsRelease;

// 520x: status and history
public static partial class Errors
{
    public static Notice HistoryDenied(string service, string operation) => new("ECSR5200",
        $"{(operation == "ecs:DescribeServiceDeployments" ? $"Why deployments of '{service}' were stopped is not told" : $"The history of '{service}' is told by its revisions alone, without how their deployments ended")}: {operation} is denied. Allow it: {{\"Effect\":\"Allow\",\"Action\":[\"ecs:ListServiceDeployments\",\"ecs:DescribeServiceDeployments\",\"ecs:DescribeServiceRevisions\"],\"Resource\":\"*\"}}");

    /// <param name="unread">Each with its reason.</param>
    public static Notice HistoryUnread(string service, IReadOnlyList<string> unread) => new("ECSR5201",
        $"Not all of the history of '{service}' could be read: {string.Join("; ", unread)}");

    public static Notice HistoryOfController(string service, string controller) => new("ECSR5202",
        $"Service '{service}' has the deployment controller '{controller}', of which ECS keeps no service deployments: its revisions alone tell, without how they ended.");

    /// <param name="why">Code and message of the read that failed.</param>
    public static Notice StatusUnread(string why) => new("ECSR5203",
        $"The status could not be read and is asked for again: {why}");
}
