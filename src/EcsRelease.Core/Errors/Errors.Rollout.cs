using static EcsRelease.ReleaseOutcome;

namespace EcsRelease;

// 5xxx: release and rollout
public static partial class Errors
{
    public static EcsReleaseException RolledBackOutcome(string service, string? to, string cause) => new("ECSR5001", RolledBack, $"'{service}' was rolled back{(to is null ? "" : $" to {to}")}: {cause}");

    public static EcsReleaseException FailedOutcome(string service, string cause) => new("ECSR5002", Failed, $"The deployment of '{service}' failed: {cause}");

    public static EcsReleaseException RollbackFailedOutcome(string service, string cause) => new("ECSR5003", RollbackFailed, $"The deployment of '{service}' failed and could not be rolled back: {cause}");

    public static EcsReleaseException ServiceDeletedOutcome(string service, string status) => new("ECSR5004", ServiceDeleted, $"'{service}' was deleted while the deployment ran (status {status}).");

    public static EcsReleaseException SupersededOutcome(string service, string by) => new("ECSR5005", Superseded, $"The deployment of '{service}' was superseded by {by}.");

    public static EcsReleaseException StoppedOutcome(string service, string cause) => new("ECSR5006", Stopped, $"The deployment of '{service}' was stopped: {cause}");

    public static EcsReleaseException TimedOutOutcome(string service, TimeSpan limit, string? cause, string follow) => new("ECSR5007", TimedOut, $"The deployment of '{service}' did not end within {limit.TotalMinutes:0.#} min{(cause is null ? "" : $": {cause}")}. ECS goes on with it. Follow it: {follow}");

    public static EcsReleaseException PausedOutcome(string service, string hook, string goOn, string goBack) => new("ECSR5008", Paused, $"The deployment of '{service}' is paused at {hook}. Go on with it: {goOn}; or go back: {goBack}");

    public static EcsReleaseException ConflictInProgress(string service, string by, TimeSpan waited, int failedTasks) => new("ECSR5101", Refused,
        $"Another deployment of '{service}' is {(waited > TimeSpan.Zero ? $"still in progress after {waited.TotalMinutes:0.#} min" : "in progress")}"
        + $"{(failedTasks > 0 ? $" and failing ({failedTasks} tasks failed)" : "")}: {by}. "
        + (failedTasks > 0 ? "Replace it (EcsOnConflict=supersede), or wait " : "Wait ")
        + (waited > TimeSpan.Zero ? "longer (EcsTimeout)" : "for it (EcsOnConflict=wait)")
        + (failedTasks > 0 ? "." : ", or replace it (EcsOnConflict=supersede)."));

    public static EcsReleaseException ControllerNotOffered(string service, string cluster, string controller) => new("ECSR5102", Refused,
        $"Service '{service}' has the deployment controller '{controller}', {(controller == "EXTERNAL" ? "whose task sets somebody else makes" : "whose revisions CodeDeploy brings in")}; UpdateService cannot release to it. "
        + "Let the revision be registered and hand it on: EcsStopAfter=register, then "
        + (controller == "EXTERNAL"
            ? $"aws ecs create-task-set --cluster {ShellWord.Of(cluster)} --service {ShellWord.Of(service)} --task-definition REVISION. Or make a service with the controller ECS under another name: EcsService and EcsCreateService=true"
            : "aws deploy create-deployment with the revision in its AppSpec. Or move the service to ECS's own blue/green: aws ecs update-service"
                + $" --cluster {ShellWord.Of(cluster)} --service {ShellWord.Of(service)} --deployment-controller type=ECS --deployment-configuration strategy=BLUE_GREEN,bakeTimeInMinutes=5 --load-balancers … (ecs-release explain ECSR5102)"));

    public static EcsReleaseException ForeignRevision(string service, string revision, string difference) => new("ECSR5103", Refused,
        $"The live revision '{revision}' of '{service}' was not made by this tool and differs: {difference}. Keep it as the base: EcsTaskDefinition=live; or replace it: EcsOverwriteDrift=true");

    public static EcsReleaseException BadTaskDefinition(string source, string why) => new("ECSR5104", Refused,
        $"Task definition '{source}': {why}.");

    /// <param name="place">Of the containers in a file; null = <paramref name="source"/> is no file.</param>
    public static EcsReleaseException ContainerUnclear(FilePlace? place, string source, IEnumerable<string> names) => new("ECSR5105", Refused,
        $"{At(place, source)} there is not one essential container to release to; there are {string.Join(", ", names)}. Name it: EcsContainer (--container).") { Place = place };

    public static EcsReleaseException OwnedByStack(string service, Deployments.ServiceOwner owner) => new("ECSR5106", Refused,
        $"Service '{service}' belongs to {owner.Text}. {HandOn(service, owner)} Or release all the same: EcsOwned=warn");

    public static Notice OwnedWarning(string service, Deployments.ServiceOwner owner) => new("ECSR5107",
        $"Service '{service}' belongs to {owner.Text}, whose next update may undo this release. {HandOn(service, owner)}");

    public static Notice BreakerOff(string service, string cluster, string region) => new("ECSR5108",
        $"The circuit breaker of '{service}' is off: a bad release keeps failing until EcsTimeout. Turn it on: aws ecs update-service --cluster {ShellWord.Of(cluster)} --service {ShellWord.Of(service)} --region {region} --deployment-configuration 'deploymentCircuitBreaker={{enable=true,rollback=true}}'");

    public static EcsReleaseException ServiceNotActive(string service, string status) => new("ECSR5109", Refused,
        $"Service '{service}' is {status}. Wait until it is gone, then release again.");

    /// <param name="moved">What differs, e.g. `then 'orders:6', now 'orders:7'`.</param>
    /// <param name="next">What to do.</param>
    public static EcsReleaseException LiveStateMoved(string service, string moved, string next = "Run the same command again.") => new("ECSR5110", Refused,
        $"'{service}' changed since the plan was made: {moved}. {next}");

    public static Notice BelowDesired(string service, int running, int desired) => new("ECSR5111",
        $"This commit is live in '{service}' but {running} of {desired} tasks run.");

    /// <param name="why">E.g. `ecs:ListServiceDeployments is denied. Allow it`.</param>
    public static Notice WeakerRule(string service, string why) => new("ECSR5112",
        $"The end of the deployment of '{service}' is judged by its rolloutState alone, which says less: {why}.");

    public static EcsReleaseException NothingLive(string service, string cluster) => new("ECSR5113", Refused,
        $"Service '{service}' in cluster '{cluster}' has no deployment to follow.");

    public static Notice FailingWithoutBreaker(string service, string cluster, string state) => new("ECSR5114",
        $"Tasks of '{service}' keep failing ({state}) and its circuit breaker is off, so ECS goes on trying until it is stopped. Release a good commit, or turn the breaker on: aws ecs update-service --cluster {ShellWord.Of(cluster)} --service {ShellWord.Of(service)} --deployment-configuration 'deploymentCircuitBreaker={{enable=true,rollback=true}}'");

    public static Notice PausedWarning(string service, string hook, string goOn, string goBack) => new("ECSR5115",
        $"The deployment of '{service}' is paused at {hook}. Go on with it: {goOn}; or go back: {goBack}");

    public static Notice ThenSuperseded(string service, string by) => new("ECSR5116",
        $"The deployment of '{service}' succeeded and was then superseded by {by}, so this commit is not live any more.");

    public static EcsReleaseException RolloutUnwatched(string service, string cause, string follow) => new("ECSR5117", AwsFailed,
        $"The deployment of '{service}' began and cannot be watched any more: {cause.TrimEnd('.', ' ')}. ECS goes on with it. Follow it: {follow}");

    public static Notice ConflictFailing(string service, string by, int failedTasks) => new("ECSR5120",
        $"The deployment that is waited for is failing ({failedTasks} tasks of {by} failed) and the circuit breaker of '{service}' is off, so it may never end. Replace it: EcsOnConflict=supersede");

    public static Notice EndpointsUnread(string service, string why) => new("ECSR5121",
        $"The addresses of '{service}' could not be read: {why}");

    /// <param name="whatGoesOn">What is left running in AWS, and how to go on.</param>
    public static EcsReleaseException CancelledByUser(string whatGoesOn) => new("ECSR5123", Cancelled, $"Cancelled. {whatGoesOn}");

    public static EcsReleaseException AfterUpdate(string whatGoesOn, EcsReleaseException cause) => new("ECSR5122", AwsFailed,
        $"{cause.Code}: {cause.Message} {whatGoesOn}", cause);

    public static EcsReleaseException NothingToContinue(string service, string state, string follow) => new("ECSR5130", Refused,
        $"No lifecycle hook of '{service}' waits for an answer: its newest deployment is {state}. Follow it: {follow}");

    /// <param name="state">Of the newest deployment, e.g. `SUCCESSFUL`.</param>
    /// <param name="goBack">The command that goes back to an earlier release.</param>
    public static EcsReleaseException NothingToStop(string service, string state, string goBack) => new("ECSR5131", Refused,
        $"No deployment of '{service}' is in progress (the newest is {state}), so there is none to stop. Go back to an earlier release: {goBack}");

    public static EcsReleaseException HookUnclear(string service, string? wanted, IEnumerable<string> waiting, string continueCommand) => new("ECSR5132", Refused,
        $"{(wanted is null ? "Several lifecycle hooks" : $"Not hook '{wanted}' but others")} of '{service}' wait for an answer: {string.Join(", ", waiting)}. Name one: {continueCommand} --hook ID");

    public static EcsReleaseException ControllerNotFollowed(string service, string controller) => new("ECSR5133", Refused,
        $"Service '{service}' has the deployment controller '{controller}', whose deployments ECS does not tell the end of. "
        + (controller == "EXTERNAL" ? "Ask who makes its task sets; they are listed by: aws ecs describe-services" : "Follow them in CodeDeploy: aws deploy list-deployments --include-only-statuses InProgress Ready"));

    public static EcsReleaseException RollbackTooLate(string service, string revision, string goBack) => new("ECSR5134", Failed,
        $"The deployment of '{service}' succeeded before it could be rolled back: {revision} is live. Go back from it: {goBack}");

    /// <param name="command">Null when UpdateService cannot change it.</param>
    public static Notice CreationOptionsDiffer(string service, IReadOnlyList<string> differences, string? command, string? owner) => new("ECSR5170",
        $"These options act when a service is created, and '{service}' has others: {string.Join("; ", differences)}. "
        + (owner is not null ? $"Change them in {owner}." : command is null ? "Only a new service can have them." : $"Change it: {command}"));

    public static EcsReleaseException ExpressService(string service, string arn, string region) => new("ECSR5171", Refused,
        $"Service '{service}' is an Express Mode service: ECS keeps its revisions, and UpdateService would cut it off from its load balancer and scaling. Push the image (EcsStopAfter=push) and hand it on: aws ecs update-express-gateway-service --service-arn {ShellWord.Of(arn)} --primary-container image=IMAGE --region {region}");

    public static Notice LogGroupAbsent(string group, string region) => new("ECSR5172",
        $"Log group '{group}' does not exist, so tasks will not start. Run: aws logs create-log-group --log-group-name {ShellWord.Of(group)} --region {region}");

    public static Notice TakesBack(string commit, string? branch, string live, string? liveBranch, Git.CommitChanges commits) => new("ECSR5173",
        $"{TakenBack(commit, branch, live, liveBranch, commits)}. See them: git log --oneline {Short(commit)}..{Short(live)}");

    public static Notice DeploymentInProgress(string service, string by, bool replaces) => new("ECSR5174",
        $"Another deployment of '{service}' is in progress: {by}. {(replaces ? "This release replaces it; to wait for it instead: EcsOnConflict=wait" : "This release waits for its end; to replace it instead: EcsOnConflict=supersede")}");

    public static Notice NoTaskWanted(string service, string cluster, string region) => new("ECSR5175",
        $"The desired count of '{service}' is 0: no task starts, so the release shows nothing of whether it works. Start one: aws ecs update-service --cluster {ShellWord.Of(cluster)} --service {ShellWord.Of(service)} --desired-count 1 --region {region}");

    public static Notice RepositoryOfOtherAccount(string repository, string owner, string account, string region) => new("ECSR5176",
        $"Repository '{repository}' belongs to account {owner}, and tasks of account {account} can pull from it only when its policy lets them. Unless it does, allow ecr:BatchGetImage and ecr:GetDownloadUrlForLayer to arn:aws:iam::{account}:root there. See it: aws ecr get-repository-policy --registry-id {owner} --repository-name {ShellWord.Of(repository)} --region {region}");

    public static EcsReleaseException PlanFileInImage(string file) => new("ECSR5177", Refused,
        $"Publish copies '{file}', so the plan would enter the image that it plans. Name a file outside the project: --out {ShellWord.Of(Path.Combine("..", Path.GetFileName(file)))}");

    private static string HandOn(string service, Deployments.ServiceOwner owner) => owner.Recipe(isImage: true, "IMAGE", service) is { } recipe
        ? $"Hand the image on to it (EcsStopAfter=push): {recipe}."
        : "Hand the revision on to it: EcsStopAfter=register.";
}
