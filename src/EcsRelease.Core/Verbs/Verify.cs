using EcsRelease.Aws;
using EcsRelease.Aws.Targets;
using EcsRelease.Images.Ecr;
using EcsRelease.Permissions;
using EcsRelease.TaskDefinitions;
using EcsRelease.Verification;

namespace EcsRelease.Verbs;

/// <summary>Checks everything that a release of this project needs. Changes nothing, also where it cannot know.</summary>
public sealed class Verify(ReleaseOptions options, ProjectInfo project, IReleaseTarget target, IReporter reporter, TimeProvider time)
{
    private string Service => options.Service ?? ReleaseNames.Kebab(project.AssemblyName);

    private string Repository => options.Repository ?? ReleaseNames.Kebab(project.AssemblyName);

    /// <param name="strict">What could not be checked counts as failed.</param>
    /// <exception cref="EcsReleaseException">There are no credentials, or another account's (ECSR4001 …).</exception>
    public Task<VerificationReport> RunAsync(bool strict, CancellationToken cancellationToken) =>
        Explained.RunAsync($"{options.Cluster}/{Service}", () => CheckAsync(strict, cancellationToken));

    private async Task<VerificationReport> CheckAsync(bool strict, CancellationToken cancellationToken)
    {
        reporter.Step(ReleaseStep.Preflight, "Reading commit, account and live service");
        var planner = new ReleasePlanner(options, project, target, reporter, time);
        ReleasePlan? plan = null;
        EcsReleaseException? refusal = null;
        try
        {
            plan = await Explained.RunAsync($"{options.Cluster}/{Service}", () => planner.PlanAsync(cancellationToken));
        }
        catch (EcsReleaseException e)
        {
            // A line of its own; what does not depend on it is checked all the same.
            refusal = e;
        }
        using var access = plan?.Access ?? await target.ConnectAsync(cancellationToken);
        var release = plan is null ? await ReadAsync(access, refusal!, cancellationToken) : await OfAsync(plan, cancellationToken);
        reporter.Progress(new Progress("checking what the release needs"));
        var lines = await Checks.RunAsync(Checks.All(time), release, cancellationToken);
        return new VerificationReport
        {
            Version = EngineVersion.Current,
            Strict = strict,
            Target = target.Name,
            Account = access.Account,
            Region = access.Region,
            Cluster = options.Cluster,
            Service = Service,
            Commit = release.Commit,
            Checks = lines,
            Warnings = planner.Warnings,
        };
    }

    private async Task<VerifiedRelease> OfAsync(ReleasePlan plan, CancellationToken cancellationToken)
    {
        var parameters = new NamedParameters(plan.Access.Ssm);
        var inputs = plan.Definition with { Parameters = parameters.Reader, Image = plan.ImageReference, ExposedPorts = plan.Image?.ExposedPorts };
        var desired = await TaskDefinitionSource.ResolveAsync(inputs, cancellationToken);
        return With(plan.Access, desired, parameters) with
        {
            Commit = plan.Commit.Sha,
            Live = plan.LiveService,
            Repository = plan.Repository,
            Tag = plan.Tag,
            Image = plan.ImageReference,
            LiveImage = plan.LiveImage,
        };
    }

    /// <summary>What can be read where there is no plan: one thing that is missing must not hide the others.</summary>
    private async Task<VerifiedRelease> ReadAsync(AwsAccess access, EcsReleaseException refusal, CancellationToken cancellationToken)
    {
        var faults = new List<string>();
        var live = await OrNullAsync(() => LiveRelease.ReadAsync(access.Ecs, options, Service, access, cancellationToken), faults);
        var parameters = new NamedParameters(access.Ssm);
        var definition = new DefinitionInputs
        {
            Options = options,
            Service = Service,
            ProjectDirectory = project.Directory,
            Region = access.Region,
            Architecture = target.Defaults.Architecture,
            ExecutionRole = target.Defaults.ExecutionRole,
            LiveRevision = live?.Revision,
            Commit = NamedParameters.NoCommit,
            Parameters = parameters.Reader,
        };
        var address = target.Defaults.AddressOf(Repository);
        var repository = await OrNullAsync(
            () => new EcrControl(access.Ecr, time).DescribeAsync(TargetDefaults.NameOf(Repository), address?.Account, cancellationToken), []);
        // Without the live revision the source itself is a guess.
        var desired = live is null ? null : await OrNullAsync(() => TaskDefinitionSource.ResolveAsync(definition, cancellationToken), faults);
        return With(access, desired, parameters) with
        {
            Refusal = refusal,
            Live = live?.Service,
            DefinitionFault = string.Join("; ", faults),
            Repository = repository,
            LiveImage = live?.Revision is { } revision ? TaskDefinitions.LiveImage.Of(revision, desired?.Container) : null,
        };
    }

    private VerifiedRelease With(AwsAccess access, DesiredRevision? desired, NamedParameters parameters) => new()
    {
        Options = options,
        Defaults = target.Defaults,
        Access = access,
        Service = Service,
        Desired = desired,
        Scope = PolicyScope.Of(options, Service, Repository, access.Account, access.Region, FeatureChoice.Of(options, target.Defaults, desired), desired?.Definition)
            with { Principal = Principal.ArnOf(access.CallerArn), FileParameters = parameters.Names },
    };

    private static async Task<T?> OrNullAsync<T>(Func<Task<T>> read, List<string> faults)
        where T : class
    {
        try
        {
            return await read();
        }
        catch (AwsServiceException e)
        {
            faults.Add($"{e.Operation} {e.ErrorCode} {e.Message}");
        }
        catch (EcsReleaseException e)
        {
            faults.Add($"{e.Code} {e.Message}");
        }
        return null;
    }
}
