using System.Text.RegularExpressions;
using EcsRelease.Options;

namespace EcsRelease;

/// <summary>Names that follow from the project when the user gives none.</summary>
public static partial class ReleaseNames
{
    /// <summary>The task definition file that is taken when it lies beside the project; it never enters the image.</summary>
    public const string DefinitionFile = "ecs-task-definition.json";

    /// <summary>An assembly name as ECS and ECR take it: `Shop.OrdersApi` → `shop-orders-api`.</summary>
    public static string Kebab(string assemblyName) =>
        NotAllowed().Replace(OptionInfo.Kebab(assemblyName), "-").Trim('-');

    [GeneratedRegex("[^a-z0-9]+")]
    private static partial Regex NotAllowed();
}
