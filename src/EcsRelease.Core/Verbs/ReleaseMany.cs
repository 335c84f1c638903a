using EcsRelease.Aws.Targets;

namespace EcsRelease.Verbs;

/// <summary>Several services in one run: all are checked, then all images are made, then wave after wave is released.</summary>
public sealed class ReleaseMany : IDisposable
{
    // Planning runs git for each project.
    private const int ChecksAtOnce = 16;

    private readonly IReporter _reporter;
    private readonly RunConnections _connections;
    private readonly RunImages _images;
    private List<OneOfMany> _services;

    /// <exception cref="EcsReleaseException">ECSR1024, 1038.</exception>
    public ReleaseMany(IReadOnlyList<WantedRelease> wanted, IReporter reporter, TimeProvider time)
        : this(wanted, reporter, time, each => ReleaseTargets.For(each.Options, each.Project, time, reporter), StateFolder.OfUser())
    {
    }

    /// <param name="targetOf">Where a service is released to.</param>
    /// <param name="state">Where layers are kept.</param>
    /// <exception cref="EcsReleaseException">ECSR1024, 1038.</exception>
    public ReleaseMany(IReadOnlyList<WantedRelease> wanted, IReporter reporter, TimeProvider time, Func<WantedRelease, IReleaseTarget> targetOf, StateFolder state)
    {
        ServiceClashes.Refuse(wanted);
        _reporter = reporter;
        _connections = new(targetOf, time);
        _images = new(state, time);
        var labels = ServiceClashes.LabelsOf(wanted);
        var board = new WaitBoard(labels, reporter, wanted.Max(each => each.Options.Timeout), "waiting for its turn");
        var commits = new RunCommits(wanted);
        _services = [.. wanted.Zip(labels, (each, label) =>
        {
            var target = _connections.Of(each);
            var turn = new ReleaseTurn(_images.Of(each.Options, target, each.Project));
            var line = board.LineOf(label);
            return new OneOfMany(each, new Release(each.Options, each.Project, line, time, target, state) { Images = turn, Commits = commits }, turn, line, time);
        })];
    }

    /// <summary>Those of the services that may be released, once they are checked.</summary>
    public IReadOnlyList<ReleasePlan> Plans => [.. _services.Select(each => each.Plan).OfType<ReleasePlan>()];

    /// <summary>What each record is of, once the services are checked.</summary>
    public IReadOnlyList<WantedRelease> Written => [.. _services.Select(each => each.Wanted)];

    /// <summary>The refusals, once the services are checked.</summary>
    public IReadOnlyList<EcsReleaseException> Refusals => [.. _services.Select(each => each.Refusal).OfType<EcsReleaseException>()];

    /// <summary>What is left running in AWS when the run is cancelled now, and how to go on.</summary>
    public string WhatGoesOn
    {
        get
        {
            var under = _services.Where(each => each.WhatGoesOn is not null).ToList();
            var ended = _services.Count(each => each is { Turn.HasBegun: true, WhatGoesOn: null });
            return ended + under.Count == 0 ? "No service was changed. Run the same command again: what was pushed is reused."
                : string.Join('\n', under.Select(each => $"{each.Wanted.Service}: {each.WhatGoesOn}").Prepend($"{ended} of {_services.Count} services had ended, {_services.Count - ended - under.Count} were not begun."));
        }
    }

    /// <summary>How long a cancelled run may take to end.</summary>
    public TimeSpan CancelPatience => _services.Max(each => each.Release.CancelPatience);

    /// <summary>Reads everything that decides the releases, changes nothing.</summary>
    /// <returns>Null when all may be released; else the records of the run, which ends with that.</returns>
    public async Task<IReadOnlyList<ReleaseRecord>?> CheckAsync(CancellationToken cancellationToken)
    {
        _reporter.Step(ReleaseStep.Preflight, $"Reading commit, account and live state of {_services.Count} services");
        await Parallel.ForEachAsync(_services, new ParallelOptions { MaxDegreeOfParallelism = ChecksAtOnce, CancellationToken = cancellationToken },
            async (each, token) => await each.CheckAsync(token));
        _services = ServiceClashes.Checked(_services, _reporter.Warn);
        if (_services.All(each => each.Refusal is null))
            return null;
        var refused = _services.Where(each => each.Refusal is not null).Select(each => each.Wanted.Service).ToList();
        return [.. _services.Select(each => each.Refused(refused))];
    }

    /// <summary>EcsConfirm: one question for all, before anything is changed.</summary>
    /// <exception cref="EcsReleaseException">ECSR5225, 5226.</exception>
    public async Task ConfirmAsync(IConfirmation confirmation, CancellationToken cancellationToken)
    {
        var asked = _services.Where(each => each.Plan!.NeedsConfirmation).ToList();
        var changing = asked.Where(each => each.Plan!.Changes).Select(each => PlanQuestion.Of(each.Plan!)).ToList();
        if (changing.Count > 0)
            await new ConfirmationQuestion(
                [.. changing.SelectMany(question => question.Lines)], string.Join("; ", changing.Select(question => question.Summary)),
                changing is [var only] ? only.Word : $"{changing.Count} services", changing[0].GoOn).RequireAsync(confirmation, cancellationToken);
        asked.ForEach(each => each.Confirm());
    }

    /// <summary>The records of a run that ends before it changed anything.</summary>
    public IReadOnlyList<ReleaseRecord> RecordsOf(EcsReleaseException error) => [.. _services.Select(each => each.Release.RecordOf(error))];

    /// <summary>Does what was checked, once. How it ended is in the records, failures too; only cancellation is thrown.</summary>
    /// <param name="publisherOf">Publishes a project; it is asked once for each image.</param>
    public async Task<IReadOnlyList<ReleaseRecord>> RunAsync(Func<WantedRelease, IPublisher> publisherOf, CancellationToken cancellationToken)
    {
        try
        {
            _connections.Planned();
            _reporter.Step(ReleaseStep.Build, $"Making the images of {_services.Count} services");
            string? stopped = null;
            foreach (var each in _services.TakeWhile(_ => stopped is null))
            {
                await each.PushAsync(publisherOf(each.Wanted), cancellationToken);
                stopped = each.IsFailed ? $"the image of '{each.Wanted.Service}' could not be made, and all images are made before the first service is changed" : null;
            }
            var waves = _services.GroupBy(each => each.Wanted.Options.Wave).OrderBy(wave => wave.Key).ToList();
            foreach (var wave in waves)
                stopped ??= await RollOutAsync([.. wave], waves.Count == 1 ? "" : $"Wave {wave.Key} of {waves[^1].Key}: ", cancellationToken) is { } failed ? $"{failed} failed in wave {wave.Key}" : null;
            foreach (var left in _services.Where(each => each.Record is null))
                await left.LeaveAsync(stopped!);
            if (stopped is not null && _services.Any(each => each.Wanted.Options.RollbackAll) && _services.Any(each => each.Release.Begun is not null))
                await SetBackAsync(waves.SelectMany(wave => wave).Reverse(), cancellationToken);
            return [.. _services.Select(each => each.Record!)];
        }
        finally
        {
            // What was cancelled ends before its connection does.
            await Task.WhenAll(_services.Select(each => each.Work).OfType<Task>()).ContinueWith(_ => { }, TaskScheduler.Default);
            Dispose();
        }
    }

    public void Dispose()
    {
        _images.Dispose();
        _connections.Dispose();
    }

    /// <returns>Who failed; null = nobody.</returns>
    private async Task<string?> RollOutAsync(IReadOnlyList<OneOfMany> wave, string name, CancellationToken cancellationToken)
    {
        _reporter.Step(ReleaseStep.Rollout, $"{name}releasing {wave.Count} services");
        await Parallel.ForEachAsync(wave, AtOnce(cancellationToken), async (each, _) => await each.RollOutAsync());
        return NamesOf(wave.Where(each => each.IsFailed)) is { Length: > 0 } failed ? failed : null;
    }

    private async Task SetBackAsync(IEnumerable<OneOfMany> services, CancellationToken cancellationToken)
    {
        var failed = NamesOf(_services.Where(each => each is { IsFailed: true, Turn.HasBegun: true }));
        _reporter.Step(ReleaseStep.Rollback, $"Setting back what was released, since {failed} failed");
        var back = services.Where(each => each.CanBeSetBack).ToList();
        back.ForEach(each => each.AwaitSetBack());
        await Parallel.ForEachAsync(back, AtOnce(cancellationToken), async (each, token) => await each.SetBackAsync(failed, token));
    }

    private ParallelOptions AtOnce(CancellationToken cancellationToken) =>
        new() { MaxDegreeOfParallelism = _services.Min(each => each.Wanted.Options.MaxParallel), CancellationToken = cancellationToken };

    private static string NamesOf(IEnumerable<OneOfMany> services) => string.Join(", ", services.Select(each => $"'{each.Wanted.Service}'"));
}
