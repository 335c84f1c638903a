using EcsRelease.LocalAws.State;
using EcsRelease.LocalAws.Sts;

namespace EcsRelease.LocalAws.Commands;

/// <summary>`serve`: the server in the foreground, until it is asked to stop or idle for too long.</summary>
internal static class ServeCommand
{
    public static async Task RunAsync(StateFolder folder, LocalAwsSettings settings, TimeProvider time, CancellationToken cancellationToken)
    {
        folder.Create();
        using var alive = await TakeLockAsync(folder, time, cancellationToken);
        await using var app = LocalAwsServer.Build(settings, time);
        await app.StartAsync(cancellationToken);
        var address = app.Services.GetRequiredService<ServerAddress>();
        var key = app.Services.GetRequiredService<Credentials>().Root;
        var file = new ServerFile(
            address.Endpoint, settings.Region, settings.Account, key.AccessKeyId, key.SecretAccessKey, Environment.ProcessId, ProductVersion.Informational);
        file.Write(folder);
        try
        {
            await app.WaitForShutdownAsync(cancellationToken);
        }
        finally
        {
            File.Delete(folder.ServerFile);
        }
    }

    private static async Task<FileStream> TakeLockAsync(StateFolder folder, TimeProvider time, CancellationToken cancellationToken)
    {
        // `status` and `up` hold the lock for a moment when they look whether it is free.
        for (var attempt = 0; attempt < 20; attempt++)
        {
            if (StateFolder.TryLock(folder.ServerLock) is { } held)
                return held;
            await Task.Delay(TimeSpan.FromMilliseconds(50), time, cancellationToken);
        }

        throw LocalAwsException.AlreadyRunning(folder.Path);
    }
}
