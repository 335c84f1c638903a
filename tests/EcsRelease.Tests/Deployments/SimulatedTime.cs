using System.Collections.Concurrent;
using Microsoft.Extensions.Time.Testing;

namespace EcsRelease.Tests.Deployments;

/// <summary>A clock that moves on when all work waits for it, to the moment when the next one is due: many tasks share
/// it, in an order that is always the same.</summary>
internal sealed class SimulatedTime() : FakeTimeProvider(JumpingTime.Start)
{
    private readonly PriorityQueue<DateTimeOffset, DateTimeOffset> _due = new();

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var due = GetUtcNow() + dueTime;
        _due.Enqueue(due, due);
        return base.CreateTimer(callback, state, dueTime, period);
    }

    /// <summary>Runs the work to its end on this thread.</summary>
    public T Run<T>(Func<Task<T>> work)
    {
        var before = SynchronizationContext.Current;
        var turns = new Turns();
        SynchronizationContext.SetSynchronizationContext(turns);
        try
        {
            var task = work();
            for (turns.RunAll(); !task.IsCompleted; turns.RunAll())
                SetUtcNow(_due.TryDequeue(out var due, out _) ? (due > GetUtcNow() ? due : GetUtcNow()) : throw new InvalidOperationException("the work waits for something else than time"));
            return task.GetAwaiter().GetResult();
        }
        finally
        {
            SynchronizationContext.SetSynchronizationContext(before);
        }
    }

    private sealed class Turns : SynchronizationContext
    {
        private readonly ConcurrentQueue<(SendOrPostCallback Callback, object? State)> _next = new();

        public override void Post(SendOrPostCallback d, object? state) => _next.Enqueue((d, state));

        public void RunAll()
        {
            while (_next.TryDequeue(out var turn))
                turn.Callback(turn.State);
        }
    }
}
