using System.Reflection;
using HelloEcs.Greeting;
using Humanizer;
using Serilog;
using YamlDotNet.Serialization;

var builder = WebApplication.CreateBuilder(args);
builder.Services.AddSerilog(logging => logging.WriteTo.Console());
var app = builder.Build();

// `1.0.0+SHA`: the SDK puts the commit there.
var build = Assembly.GetExecutingAssembly().GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion.Split('+');
var started = DateTime.UtcNow;

app.MapGet("/", () => new
{
    greeting = Greeter.Greet(app.Configuration["GREETING"]),
    commit = build.Length > 1 ? build[1] : "unknown",
    version = build[0],
    up = (DateTime.UtcNow - started).Humanize(),
});
app.MapGet("/health", () => "healthy");
app.MapGet("/settings.yaml", () => new SerializerBuilder().Build().Serialize(new { greeting = app.Configuration["GREETING"] }));

app.Run();
