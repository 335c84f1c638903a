using System.Text.Json.Nodes;
using EcsRelease.Aws;
using EcsRelease.Permissions;

namespace EcsRelease.Verification;

/// <summary>Whether the caller may do what its releases do: by IAM's simulation, else by reads that change nothing.
/// Actions that change something are never tried.</summary>
internal sealed class CallerPermissionsCheck : ICheck
{
    public CheckGroup Group => CheckGroup.Permissions;

    public string Name => "caller";

    public async Task<IReadOnlyList<Finding>> RunAsync(VerifiedRelease release, CancellationToken cancellationToken)
    {
        // What verify itself may not read, its own lines say.
        var scope = release.Scope with { Features = release.Scope.Features & ~(ReleaseFeatures.Verify | ReleaseFeatures.VerifyDefinition) };
        var statements = ReleasePolicy.Statements(scope);
        var (principal, refusal) = await PrincipalAsync(release, cancellationToken);
        var findings = new List<Finding>();
        if (refusal is not null)
            findings.Add(refusal);
        var found = await Task.WhenAll(statements.Select(statement => OfAsync(statement, principal, release, cancellationToken)));
        findings.AddRange(found.SelectMany(each => each));
        return findings;
    }

    /// <returns>Whom to simulate; null with a finding that says why nobody can be.</returns>
    private static async Task<(string? Principal, Finding? Refusal)> PrincipalAsync(VerifiedRelease release, CancellationToken cancellationToken)
    {
        if (Principal.ArnOf(release.Access.CallerArn) is not { } principal)
            return (null, Finding.CouldNotCheck($"'{release.Access.CallerArn}' is neither a role nor a user, so IAM cannot simulate it; reads are tried instead"));
        var arn = await WithPathAsync(principal, release, cancellationToken);
        try
        {
            await new PolicySimulation(release.Access.Iam).RunAsync(arn, ["sts:GetCallerIdentity"], ["*"], null, cancellationToken);
            return (arn, null);
        }
        catch (AwsServiceException denied)
        {
            return (null, Finding.CouldNotCheck("the simulation, so reads are tried instead", denied));
        }
    }

    // The ARN of a role's session lacks the role's path, which the simulation needs.
    private static async Task<string> WithPathAsync(string principal, VerifiedRelease release, CancellationToken cancellationToken)
    {
        if (principal == release.Access.CallerArn || Principal.RoleName(principal) is not { } name)
            return principal;
        try
        {
            return (await release.Access.Iam.GetRoleAsync(new JsonObject { ["RoleName"] = name }, cancellationToken)).Object("Role").Text("Arn") ?? principal;
        }
        catch (AwsServiceException unread) when (unread.IsAccessDenied)
        {
            // Most roles have no path; if this one has, the simulation says that it does not exist.
            return principal;
        }
    }

    private static async Task<IEnumerable<Finding>> OfAsync(PolicyStatement statement, string? principal, VerifiedRelease release, CancellationToken cancellationToken)
    {
        if (statement.Row.For == ReleaseFeatures.AssumeRole)
            return [Finding.Ok($"{Actions(statement)}: the credentials in use were got by it")];
        if (principal is not null && OtherCredentials(statement, release) is null)
        {
            try
            {
                return await SimulatedAsync(statement, principal, release, cancellationToken);
            }
            catch (AwsServiceException refusal)
            {
                // IAM takes few simulations a second: one that is refused must not hide what the others found.
                return [Finding.CouldNotCheck(Actions(statement), refusal)];
            }
        }
        if (!statement.Row.IsWrite)
            return await TriedAsync(statement.Row.Actions, release, cancellationToken);
        return [Finding.CouldNotCheck($"{Actions(statement)}: {OtherCredentials(statement, release) ?? "only a simulation could tell, for it changes something"}")];
    }

    private static async Task<IEnumerable<Finding>> SimulatedAsync(PolicyStatement statement, string principal, VerifiedRelease release, CancellationToken cancellationToken)
    {
        var results = await new PolicySimulation(release.Access.Iam).RunAsync(principal, statement.Row.Actions, statement.Simulated, statement.When, cancellationToken);
        var findings = results.Where(result => !result.IsAllowed).Select(result => result.Missing.Count > 0
            ? Finding.CouldNotCheck($"{result.Action} on {result.Resource}: the policies ask for {string.Join(", ", result.Missing)}, which only the real call has")
            : Finding.Failed($"{result.Action} on {result.Resource} is denied ({result.Decision})", GrantTo(principal, release.Service))).ToList();
        var allowed = statement.Row.Actions.Where(action => results.Any(result => Is(result, action)) && results.Where(result => Is(result, action)).All(result => result.IsAllowed)).ToList();
        if (allowed.Count > 0)
            findings.Insert(0, Finding.Ok($"{string.Join(", ", allowed)} on {string.Join(", ", statement.Simulated)}"));
        return findings.Concat(statement.Row.Actions.Where(action => !results.Any(result => Is(result, action))).Select(action => Finding.CouldNotCheck($"{action}: the simulation did not answer")));
    }

    private static async Task<IEnumerable<Finding>> TriedAsync(IReadOnlyList<string> actions, VerifiedRelease release, CancellationToken cancellationToken)
    {
        var tried = await Task.WhenAll(actions.Select(action => new DryRead(release).TryAsync(action, cancellationToken)));
        var answered = actions.Zip(tried).Where(pair => pair.Second.State == CheckState.Ok).Select(pair => pair.First).ToList();
        return tried.Where(finding => finding.State != CheckState.Ok)
            .Concat(answered.Count == 0 ? [] : [Finding.Ok($"{string.Join(", ", answered)}: answered")]);
    }

    private static bool Is(SimulatedAction result, string action) => result.Action.Equals(action, StringComparison.OrdinalIgnoreCase);

    /// <returns>Whose the ECR statements are where they are not the caller's alone.</returns>
    private static string? OtherCredentials(PolicyStatement statement, VerifiedRelease release)
    {
        if (!statement.Row.Actions[0].StartsWith("ecr:", StringComparison.Ordinal))
            return null;
        if (release.Options.EcrRoleArn is { } role)
            return $"role '{role}' (EcrRoleArn) does it, which is not simulated";
        if (release.Options.EcrProfile is { } profile)
            return $"profile '{profile}' (EcrProfile) does it, which is not simulated";
        return release.Scope.ForeignRepository is { } address && address.Account != release.Access.Account
            ? $"account {address.Account} decides too, by the policy of its repository"
            : null;
    }

    // Named after the service: the policy of another project on the same role must not be replaced. The policy is longer
    // than the 2,048 characters of a user's inline policies (docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html).
    private static string GrantTo(string principal, string service)
    {
        var (name, policy) = (ShellWord.Of(principal.Split('/')[^1]), $"--policy-name ecs-release-{service} --policy-document \"$(ecs-release permissions)\"");
        return Principal.RoleName(principal) is null
            ? $"aws iam attach-user-policy --user-name {name} --policy-arn \"$(aws iam create-policy {policy} --query Policy.Arn --output text)\""
            : $"aws iam put-role-policy --role-name {name} {policy}";
    }

    private static string Actions(PolicyStatement statement) => string.Join(", ", statement.Row.Actions);
}
