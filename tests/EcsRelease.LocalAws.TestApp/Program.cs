// VERSION is what it answers, EXIT makes it end at once with that code, SECRET shows that a secret arrived.
if (int.TryParse(Environment.GetEnvironmentVariable("EXIT"), out var code))
{
    Console.WriteLine($"exits with {code}");
    return code;
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
