namespace EcsRelease.LocalAws;

/// <summary>How tasks run on this machine, for `/_local/health` and `status`.</summary>
public interface IRuntimeDescription
{
    /// <summary>`isolated`, `process` or `none`.</summary>
    string Name { get; }

    /// <summary>What this runtime does not do, each in a sentence for the user.</summary>
    IReadOnlyList<string> Limits { get; }
}
