using EcsRelease.Aws;

namespace EcsRelease.Verification;

public enum CheckState
{
    Ok,
    Failed,

    /// <summary>It could not be asked, or the answer does not tell; the message says why.</summary>
    CouldNotCheck,
}

/// <summary>One thing that a check looked at, and how it is.</summary>
/// <param name="Next">What to do, as a command to paste where there is one; every failure has it.</param>
internal sealed record Finding(CheckState State, string Message, string? Next = null)
{
    public static Finding Ok(string message) => new(CheckState.Ok, message);

    public static Finding Failed(string message, string next) => new(CheckState.Failed, message, next);

    public static Finding CouldNotCheck(string message) => new(CheckState.CouldNotCheck, message);

    public static Finding CouldNotCheck(string what, AwsServiceException refusal) =>
        CouldNotCheck($"{(what == refusal.Operation ? "" : what + ": ")}{refusal.Operation} {refusal.ErrorCode} {refusal.Message}{(IsNotOffered(refusal) ? " (this endpoint does not offer it)" : "")}");

    /// <summary>What a read makes of one thing; when AWS or a registry refuses the read, that is said instead.</summary>
    public static async Task<Finding> OfAsync(string what, Func<Task<Finding>> read)
    {
        try
        {
            return await read();
        }
        catch (AwsServiceException refusal)
        {
            return CouldNotCheck(what, refusal);
        }
        catch (EcsReleaseException refusal)
        {
            return CouldNotCheck($"{what}: {refusal.Code} {refusal.Message}");
        }
    }

    // The query protocol's word for it is another one than JSON 1.1's.
    private static bool IsNotOffered(AwsServiceException refusal) => refusal.ErrorCode is "UnknownOperationException" or "InvalidAction";
}
