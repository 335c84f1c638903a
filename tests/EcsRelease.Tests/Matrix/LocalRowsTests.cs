using EcsRelease.Deployments;
using EcsRelease.Tests.Verbs;

namespace EcsRelease.Tests.Matrix;

/// <summary>The rows of the success rule that the local AWS can bring about, for real: real deployments, real time, the
/// engine's own update and watch. Not to be had there: a deployment that is never listed (row 2), hooks (3), early
/// success (6), a stop that rolls nothing back (10; its StopServiceDeployment rolls back, as AWS documents it).</summary>
[TestFixture]
public sealed class LocalRowsTests
{
    [Test]
    public async Task Each_row_that_the_local_AWS_reaches_ends_as_the_rule_says()
    {
        await using var bed = await EngineBed.StartAsync();
        var services = await LocalServices.RegisterAsync(bed);

        var rows = (await Task.WhenAll(
            Row("1", "service deleted while deploying", ReleaseOutcome.ServiceDeleted, async service =>
            {
                var rollout = await service.UpdateAsync(services.Bad);
                await service.DeleteAsync();
                return rollout;
            }),
            Row("5, 14", "tasks fail with the breaker off until the limit", ReleaseOutcome.TimedOut, service => service.UpdateAsync(services.Bad), breaker: null),
            Row("6", "success", ReleaseOutcome.Succeeded, service => service.UpdateAsync(services.Next)),
            Row("6", "desired count 0", ReleaseOutcome.Succeeded, service => service.UpdateAsync(services.Bad), desired: 0),
            Row("6", "the service's first deployment", ReleaseOutcome.Succeeded, service => service.CreateAsync(services.Good), isLive: false),
            Row("7", "success, and another one after it", ReleaseOutcome.Succeeded, async service =>
            {
                var rollout = await service.UpdateAsync(services.Next);
                await service.SettledAsync();
                await service.UpdateAsync(services.Good);
                return rollout;
            }),
            Row("8", "superseded by another revision", ReleaseOutcome.Superseded, async service =>
            {
                var rollout = await service.UpdateAsync(services.Bad);
                await service.UpdateAsync(services.Next);
                return rollout;
            }),
            Row("8", "joined by a second deployment of the same revision", ReleaseOutcome.Succeeded, async service =>
            {
                var rollout = await service.UpdateAsync(services.Next);
                await service.UpdateAsync(services.Next, force: true);
                return rollout;
            }),
            Row("9", "breaker without rollback", ReleaseOutcome.Failed, service => service.UpdateAsync(services.Bad), breaker: false),
            Row("11, 12", "rolled back by the breaker", ReleaseOutcome.RolledBack, service => service.UpdateAsync(services.Bad)),
            Row("12", "rolled back because a person stopped it", ReleaseOutcome.RolledBack, async service =>
            {
                var rollout = await service.UpdateAsync(services.Bad);
                await service.StopDeploymentAsync();
                return rollout;
            }, breaker: null),
            Row("13", "the first deployment fails", ReleaseOutcome.RollbackFailed, service => service.CreateAsync(services.Bad), isLive: false),
            Row("14", "no room to start a task, until the limit", ReleaseOutcome.TimedOut, service => service.UpdateAsync(services.Next), maximumPercent: 100)))
            .ToList();
        await bed.FaultAsync("ListServiceDeployments", "accessDenied", times: 10_000);
        rows.AddRange(await Task.WhenAll(
            Row("fallback", "ecs:ListServiceDeployments denied, success", ReleaseOutcome.Succeeded, service => service.UpdateAsync(services.Next)),
            Row("fallback", "ecs:ListServiceDeployments denied, rolled back", ReleaseOutcome.RolledBack, service => service.UpdateAsync(services.Bad)),
            Row("fallback", "ecs:ListServiceDeployments denied, superseded", ReleaseOutcome.Superseded, async service =>
            {
                var rollout = await service.UpdateAsync(services.Bad);
                await service.UpdateAsync(services.Next);
                return rollout;
            })));

        var table = new RowTable(rows);
        await TestContext.Out.WriteLineAsync(table.ToString());
        table.Wrong.Should().BeEmpty();

        async Task<MatrixRow> Row(
            string row, string name, ReleaseOutcome expected, Func<LocalService, Task<StartedRollout>> act,
            bool? breaker = true, int desired = 1, int maximumPercent = 200, bool isLive = true)
        {
            var service = services.New(breaker, desired, maximumPercent);
            if (isLive)
            {
                await service.CreateAsync(services.Good);
                await service.SettledAsync();
            }
            var result = await service.WatchAsync(await act(service), expected == ReleaseOutcome.TimedOut ? TimeSpan.FromSeconds(5) : TimeSpan.FromMinutes(2));
            return new(row, name, expected.Word(), result.Outcome.Word());
        }
    }
}
