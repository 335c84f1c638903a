using static EcsRelease.ReleaseOutcome;

namespace EcsRelease;

// 525x: prune
public static partial class Errors
{
    public static EcsReleaseException FamilyUnknown(string service, string cluster) => new("ECSR5250", Refused,
        $"Service '{service}' does not exist in cluster '{cluster}', so nothing says which task definition family is meant. To prune the family of a service that was deleted, name it: ecs-release prune --task-family {ShellWord.Of(service)}");

    public static EcsReleaseException FamilyEmpty(string family, string account, string region) => new("ECSR5251", Refused,
        $"Task definition family '{family}' has no revision in {account}/{region}. See which there are: aws ecs list-task-definition-families --region {region}");

    public static EcsReleaseException RepositoryUnclear(string revision, string image, string account, string region) => new("ECSR5252", Refused,
        $"{revision} runs '{image}', which is not in an ECR repository of {account}/{region}. Name the one whose images are meant with --repository, or leave out --images.");

    public static EcsReleaseException RepositoryShared(string repository, string with, string region) => new("ECSR5253", Refused,
        $"Repository '{repository}' is shared with {with}: what uses its images there is not seen from here, so none is deleted. Name each such account and region, with a profile that may read it: --also-check PROFILE/{region}; or leave out --images.");

    public static Notice SourceUnread(string what, string actions, string keeps, string why) => new("ECSR5254",
        $"Could not read {what}, so {keeps}. It takes {actions}; AWS said: {why}");

    public static EcsReleaseException PruneIncomplete(int done, int undone, string first) => new("ECSR5255", Partial,
        $"{done} changes were made, {undone} were not. The first one: {first} The same command goes on from there.");

    public static Notice ImagesLoseRevisions(int revisions) => new("ECSR5256",
        $"Once {(revisions == 1 ? "this revision is" : $"these {revisions} revisions are")} deleted, nothing says which images were theirs, and no later --images finds them. Add --images to delete both, or leave out --delete.");

    public static EcsReleaseException PruneLookFailed(string what, string actions, string why) => new("ECSR5257", AwsFailed,
        $"Could not look again at {what} ({actions}), so nothing more is taken away: {why}");

    public static EcsReleaseException RevisionsUnread(string family, string first) => new("ECSR5258", AwsFailed,
        $"Nothing of '{family}' was changed: {first}");
}
