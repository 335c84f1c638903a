namespace EcsRelease.Tests.Races;

/// <summary>Holds what both processes reported against AWS's own records.</summary>
/// <param name="began">Deployments of the service that were not there before the round.</param>
internal sealed class RaceJudge(RaceRound round, IReadOnlyList<ReleaseRecord> records, string[] commits, Account account, IReadOnlyList<Deployed> began)
{
    private readonly List<string> wrong = [];

    /// <returns>What is wrong; empty when all is as it was said.</returns>
    public IReadOnlyList<string> Judge()
    {
        for (var index = 0; index < records.Count; index++)
            JudgeOutcome(records[index], records[1 - index]);
        JudgeTogether();
        JudgeEnd();
        return wrong;
    }

    private void JudgeOutcome(ReleaseRecord mine, ReleaseRecord others)
    {
        var name = $"the release of {mine.Commit?[..7]}";
        switch (mine.Outcome)
        {
            case ReleaseOutcome.Succeeded or ReleaseOutcome.Unchanged:
                Check(account.Deployments.Any(each => each.TaskDefinition == mine.TaskDefinition && each.Status == "SUCCESSFUL"), $"{name} says {mine.Outcome}, and no deployment of {mine.TaskDefinition} was successful");
                Check(mine.ServiceDeployment is null || account.Deployments.Any(each => each.Arn == mine.ServiceDeployment && each.TaskDefinition == mine.TaskDefinition && each.Status == "SUCCESSFUL"),
                    $"{name} names deployment {mine.ServiceDeployment}, which is not a successful one of {mine.TaskDefinition}");
                Check(mine.Outcome == ReleaseOutcome.Unchanged || mine.ServiceDeployment is not null, $"{name} succeeded and names no deployment");
                Check(account.ActiveRevisions.Any(each => each.Arn == mine.TaskDefinition && each.Commit == mine.Commit), $"{name} names {mine.TaskDefinition}, which is not an ACTIVE revision of that commit");
                Check(mine.Digest is not null && account.Images.GetValueOrDefault(mine.Commit!) == mine.Digest, $"{name} names digest {mine.Digest}, the tag has {account.Images.GetValueOrDefault(mine.Commit!)}");
                Check(account.Live == mine.TaskDefinition || DeploymentsOf(others).Any(), $"{name} says {mine.Outcome}, {account.Live} is live, and the other deployed nothing");
                break;
            case ReleaseOutcome.Superseded:
                var theirs = DeploymentsOf(others).LastOrDefault();
                Check(theirs is not null, $"{name} was superseded, by nothing that the other deployed");
                Check(theirs is null || (mine.Message!.Contains(Name(theirs.TaskDefinition), StringComparison.Ordinal) && mine.Message.Contains(others.Commit![..12], StringComparison.Ordinal)),
                    $"{name} does not say by whom it was superseded: {mine.Message}");
                // One that was put back takes the place of one that may have ended before.
                Check(DeploymentsOf(mine).Any(each => each.Status == "STOPPED" || (mine.Code == "ECSR5240" && each.CreatedAt < theirs?.CreatedAt)), $"{name} was superseded, and no deployment of it was stopped");
                break;
            case ReleaseOutcome.Refused when mine.Code == "ECSR2008":
                Check(round.Relation == Relation.Ahead && mine.Commit == commits[0], $"{name} was refused as older, which it is not: {mine.Message}");
                Check(DeploymentsOf(others).Any(), $"{name} was refused as older than one that was not deployed");
                Check(!DeploymentsOf(mine).Any(), $"{name} was refused and deployed");
                break;
            case ReleaseOutcome.Refused when mine.Code == "ECSR5101":
                Check(Policy(mine) == ConflictPolicy.Fail, $"{name} was to wait, and was refused: {mine.Message}");
                Check(DeploymentsOf(others).Any(each => each.FinishedAt is null || each.FinishedAt > mine.StartedAt), $"{name} was refused for a deployment that was not in progress: {mine.Message}");
                Check(!DeploymentsOf(mine).Any(), $"{name} was refused and deployed");
                break;
            default:
                wrong.Add($"{name} ended as {mine.Outcome} {mine.Code}: {mine.Message}");
                break;
        }
    }

    private void JudgeTogether()
    {
        if (round.Relation == Relation.Same)
        {
            Check(records.All(each => each.Outcome is ReleaseOutcome.Succeeded or ReleaseOutcome.Unchanged), "two releases of one commit do not both end well");
            Check(records.Select(each => each.TaskDefinition).Distinct().Count() == 1, "two releases of one commit name two revisions");
            Check(began.Count == 1, $"two releases of one commit made {began.Count} deployments");
            return;
        }
        var deployed = records.Count(each => each.Outcome is ReleaseOutcome.Succeeded or ReleaseOutcome.Superseded);
        var putBack = records.Count(each => each.Code == "ECSR5240");
        Check(began.Count == deployed + putBack, $"{began.Count} deployments, where the outcomes explain {deployed + putBack}");
        if (round.Relation == Relation.Ahead)
        {
            var newer = records.Single(each => each.Commit == commits[1]);
            Check(newer.Outcome is ReleaseOutcome.Succeeded || newer.Code == "ECSR5101" || putBack == 1, $"the newer commit ended as {newer.Outcome}: {newer.Message}");
            Check(newer.Code == "ECSR5101" || account.Live == newer.TaskDefinition, $"{account.Live} is live, the newer commit is {newer.TaskDefinition}");
        }
    }

    private void JudgeEnd()
    {
        Check((string?)account.Primary?["rolloutState"] == "COMPLETED", $"the service ended as {account.Primary?["rolloutState"]}");
        var last = began.Count == 0 ? null : began[^1].TaskDefinition;
        Check(account.Live == last, $"{account.Live} is live, the last deployment was of {last}");
        foreach (var commit in commits.Distinct())
        {
            var active = account.ActiveRevisions.Where(each => each.Commit == commit).ToList();
            Check(active.Count <= 1, $"{commit[..7]} has the ACTIVE revisions {string.Join(", ", active.Select(each => Name(each.Arn)))}");
        }
        Check(account.UntaggedImages == 0, $"{account.UntaggedImages} images have no tag");
    }

    private IEnumerable<Deployed> DeploymentsOf(ReleaseRecord record)
    {
        var own = account.ActiveRevisions.Where(each => each.Commit == record.Commit).Select(each => each.Arn).ToHashSet();
        return began.Where(each => own.Contains(each.TaskDefinition));
    }

    private ConflictPolicy Policy(ReleaseRecord record) => round.OnConflict[records[0] == record ? 0 : 1];

    private void Check(bool isTrue, string otherwise)
    {
        if (!isTrue)
            wrong.Add(otherwise);
    }

    private static string Name(string arn) => arn.Split('/')[^1];
}
