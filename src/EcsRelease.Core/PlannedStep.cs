namespace EcsRelease;

/// <summary>One step of a release, as its plan tells it.</summary>
/// <param name="Subject">What it is about, one word: image, revision, service …</param>
/// <param name="Text">What is done, one line.</param>
public sealed record PlannedStep(string Subject, string Text)
{
    /// <summary>More of it, one line each.</summary>
    public IReadOnlyList<string> Details { get; init; } = [];

    /// <summary>The calls that it makes, in order, each named once.</summary>
    public IReadOnlyList<PlannedCall> Calls { get; init; } = [];
}

/// <param name="Operation">As IAM names it: `ecs:UpdateService`. Pushes go by the registry protocol; they are named by
/// the operations that ECR counts them as.</param>
/// <param name="Resource">What it is about; `*` where the operation takes none.</param>
/// <param name="Writes">Changes something.</param>
public sealed record PlannedCall(string Operation, string Resource, bool Writes)
{
    public static PlannedCall Read(string operation, string resource) => new(operation, resource, Writes: false);

    public static PlannedCall Write(string operation, string resource) => new(operation, resource, Writes: true);
}
