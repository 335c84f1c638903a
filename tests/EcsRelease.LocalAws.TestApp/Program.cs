using System.Runtime.InteropServices;

// VERSION is what it answers, EXIT makes it end at once with that code, SECRET shows that a secret arrived, HOG is how many MiB it takes and keeps.
if (int.TryParse(Environment.GetEnvironmentVariable("EXIT"), out var code))
{
    Console.WriteLine($"exits with {code}");
    return code;
}

if (int.TryParse(Environment.GetEnvironmentVariable("HOG"), out var mebibytes))
{
    Console.WriteLine($"takes {mebibytes} MiB");
    Hog.Take(mebibytes);
}

var app = WebApplication.Create(args);
app.MapGet("/", () => Environment.GetEnvironmentVariable("VERSION") ?? "none");
app.MapGet("/secret", () => Environment.GetEnvironmentVariable("SECRET") ?? "none");
app.MapGet("/slow", async (CancellationToken cancellationToken) =>
{
    await Task.Delay(200, cancellationToken);
    return "slow";
});
app.Lifetime.ApplicationStarted.Register(() => Console.WriteLine("listening"));
app.Run();
return 0;

internal static class Hog
{
    /// <summary>Memory that the garbage collector knows nothing of, so that no limit of its own stops it.</summary>
    public static unsafe void Take(int mebibytes)
    {
        for (var i = 0; i < mebibytes; i++)
            NativeMemory.Fill(NativeMemory.Alloc(1 << 20), 1 << 20, 1);
    }
}
