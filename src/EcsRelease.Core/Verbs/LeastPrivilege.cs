using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using EcsRelease.Aws;
using EcsRelease.Aws.Targets;
using EcsRelease.Permissions;
using EcsRelease.TaskDefinitions;

namespace EcsRelease.Verbs;

/// <summary>The IAM policy that the releases of a project need.</summary>
/// <param name="Document">As `aws iam put-role-policy --policy-document` takes it.</param>
public sealed record NeededPolicy(JsonObject Document, IReadOnlyList<Notice> Warnings);

/// <summary>What the policy is to allow.</summary>
[Flags]
public enum PolicyPurpose
{
    /// <summary>Releases: plan, deploy, wait, verify, rollback.</summary>
    Release = 1,

    /// <summary>`prune`, images included. It reads the whole account and takes away, so releases do not get it.</summary>
    Prune = 1 << 1,

    All = Release | Prune,
}

/// <summary>`permissions`: the least that the releases of this project need, with the features that it uses. Changes nothing.</summary>
public sealed partial class LeastPrivilege
{
    private readonly ReleaseOptions options;
    private readonly ProjectInfo project;
    private readonly IReleaseTarget target;
    private readonly Func<string, string?> environment;

    private readonly PolicyPurpose purpose;

    public LeastPrivilege(ReleaseOptions options, ProjectInfo project, IReleaseTarget target, PolicyPurpose purpose = PolicyPurpose.Release)
        : this(options, project, target, Environment.GetEnvironmentVariable, purpose)
    {
    }

    internal LeastPrivilege(
        ReleaseOptions options, ProjectInfo project, IReleaseTarget target, Func<string, string?> environment, PolicyPurpose purpose = PolicyPurpose.Release) =>
        (this.options, this.project, this.target, this.environment, this.purpose) = (options, project, target, environment, purpose);

    private string Service => options.Service ?? ReleaseNames.Kebab(project.AssemblyName);

    /// <summary>Asks AWS only when account or region are not given: the one who grants permissions often has others.</summary>
    /// <exception cref="EcsReleaseException">ECSR1002, 4xxx, 5104, 5105.</exception>
    public Task<NeededPolicy> ReadAsync(CancellationToken cancellationToken) => Explained.RunAsync($"{options.Cluster}/{Service}", async () =>
    {
        var region = options.Region ?? environment("AWS_REGION") ?? environment("AWS_DEFAULT_REGION");
        return options is { Target: TargetKind.Aws, Account: { Length: > 0 } account } && !string.IsNullOrEmpty(region)
            ? await OfflineAsync(CheckedAccount(account), AwsRegion.Find(region, environment, null), cancellationToken)
            : await FromAwsAsync(cancellationToken);
    });

    private async Task<NeededPolicy> OfflineAsync(string account, string region, CancellationToken cancellationToken)
    {
        // The live revision is the only source that needs AWS.
        var parameters = new NamedParameters(null);
        var desired = options.TaskDefinition == "live" ? null : await ResolveAsync(region, live: null, parameters, cancellationToken);
        return Of(account, region, desired, parameters.Names, principal: null);
    }

    private async Task<NeededPolicy> FromAwsAsync(CancellationToken cancellationToken)
    {
        using var access = await target.ConnectAsync(cancellationToken);
        var live = await LiveRelease.ReadAsync(access.Ecs, options, Service, access, cancellationToken);
        var parameters = new NamedParameters(access.Ssm);
        var desired = await ResolveAsync(access.Region, live.Revision, parameters, cancellationToken);
        return Of(access.Account, access.Region, desired, parameters.Names, Principal.ArnOf(access.CallerArn));
    }

    private Task<DesiredRevision> ResolveAsync(string region, JsonObject? live, NamedParameters parameters, CancellationToken cancellationToken) => TaskDefinitionSource.ResolveAsync(
        new DefinitionInputs
        {
            Options = options with { OverwriteDrift = true },
            Service = Service,
            ProjectDirectory = project.Directory,
            Region = region,
            Architecture = target.Defaults.Architecture,
            ExecutionRole = target.Defaults.ExecutionRole,
            LiveRevision = live,
            Commit = NamedParameters.NoCommit,
            Parameters = parameters.Reader,
        },
        cancellationToken);

    private NeededPolicy Of(string account, string region, DesiredRevision? desired, IReadOnlyList<string> fileParameters, string? principal)
    {
        var scope = PolicyScope.Of(
            options, Service, options.Repository ?? ReleaseNames.Kebab(project.AssemblyName), account, region,
            Features(desired), desired?.Definition) with { Principal = principal, FileParameters = fileParameters };
        return new(ReleasePolicy.Document(scope), [.. Warnings(scope)]);
    }

    private ReleaseFeatures Features(DesiredRevision? desired) =>
        (purpose.HasFlag(PolicyPurpose.Release) ? FeatureChoice.Of(options, target.Defaults, desired) : ReleaseFeatures.None)
        | (purpose.HasFlag(PolicyPurpose.Prune) ? ReleaseFeatures.Prune | ReleaseFeatures.PruneImages : ReleaseFeatures.None);

    private static IEnumerable<Notice> Warnings(PolicyScope scope)
    {
        if (scope.Roles.Count == 0 && scope.Features.HasFlag(ReleaseFeatures.Register))
            yield return Errors.RolesUnknown(scope.Account);
        if (scope.ForeignRepository is { } address && address.Account != scope.Account)
            yield return Errors.RepositoryElsewhere(address.Repository, address.Account);
        foreach (var role in scope.AssumedRoles)
            yield return Errors.RoleIsAssumed(role);
    }

    private static string CheckedAccount(string account) =>
        AccountForm().IsMatch(account) ? account : throw Errors.BadValue("EcsAccount", account, "an account id of 12 digits");

    [GeneratedRegex("^[0-9]{12}$")]
    private static partial Regex AccountForm();
}
