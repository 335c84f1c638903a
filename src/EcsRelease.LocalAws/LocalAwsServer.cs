using EcsRelease.LocalAws.Ecr;
using EcsRelease.LocalAws.Ecs;
using EcsRelease.LocalAws.Events;
using EcsRelease.LocalAws.Http;
using EcsRelease.LocalAws.Images;
using EcsRelease.LocalAws.Logs;
using EcsRelease.LocalAws.Proxy;
using EcsRelease.LocalAws.Registry;
using EcsRelease.LocalAws.State;
using EcsRelease.LocalAws.Sts;
using Microsoft.Extensions.Logging.Console;

namespace EcsRelease.LocalAws;

/// <summary>Puts one local AWS together. Its parts know each other only through the interfaces registered here.</summary>
public static class LocalAwsServer
{
    /// <summary>
    /// Opens the state and binds the port, so that <see cref="ServerAddress"/> is known before the first start.
    /// Whoever stops the application waits until its tasks have ended.
    /// </summary>
    /// <param name="time">Clock of all parts; null = the system's.</param>
    public static WebApplication Build(LocalAwsSettings settings, TimeProvider? time = null)
    {
        var folder = new StateFolder(settings.Folder);
        folder.Create();
        var documents = new SqliteDocumentStore(folder.Database);
        ServerAddress address;
        try
        {
            address = ServerAddress.Bind(settings.Port, documents);
        }
        catch (LocalAwsException)
        {
            documents.Dispose();
            throw;
        }

        var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions { ContentRootPath = folder.Path, EnvironmentName = Environments.Production });
        // Nothing of the user's environment (ASPNETCORE_URLS, Kestrel__Endpoints__…) may open another address.
        builder.Configuration.Sources.Clear();
        builder.WebHost.UseSockets(sockets => sockets.CreateBoundListenSocket = _ => address.Socket);
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = null;
            // A layer that is copied from a slow registry may pause; a task under a debugger may, too.
            kestrel.Limits.MinRequestBodyDataRate = null;
            kestrel.Limits.MinResponseDataRate = null;
            kestrel.Listen(System.Net.IPAddress.Loopback, address.Port);
        });
        builder.Logging.AddSimpleConsole(console =>
        {
            console.SingleLine = true;
            console.UseUtcTimestamp = true;
            console.TimestampFormat = "yyyy-MM-ddTHH:mm:ssZ ";
            console.ColorBehavior = LoggerColorBehavior.Disabled;
        });
        builder.Logging.SetMinimumLevel(LogLevel.Warning).AddFilter("EcsRelease", LogLevel.Information);
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = TimeSpan.FromSeconds(60));
        AddServices(builder.Services, settings, folder, documents, address, time ?? TimeProvider.System);

        var app = builder.Build();
        app.Services.GetRequiredService<BlobStore>().Sweep(app.Services.GetRequiredService<EcrRepositories>().AllBlobs());
        app.Services.GetRequiredService<EcrImages>().Open();
        AddRequests(app);
        return app;
    }

    private static void AddServices(
        IServiceCollection services, LocalAwsSettings settings, StateFolder folder, SqliteDocumentStore documents, ServerAddress address, TimeProvider time)
    {
        // By factory, so that the container disposes of what holds files and sockets.
        services.AddSingleton<IDocumentStore>(_ => documents).AddSingleton(_ => address).AddSingleton(_ => new LogDatabase(folder.LogDatabase, time));
        services.AddSingleton(settings).AddSingleton(folder).AddSingleton(time);
        services.AddSingleton<SecretStore>().AddSingleton<ISecretStore>(provider => provider.GetRequiredService<SecretStore>());
        services.AddSingleton<Credentials>().AddSingleton<SigV4Verifier>().AddSingleton<FaultSwitches>().AddSingleton<CallLog>().AddSingleton<ThrottleBudgets>();
        services.AddSingleton<AwsEndpoint>().AddSingleton<AwsJsonEndpoint>().AddSingleton<SignedCalls>().AddSingleton<StsEndpoint>().AddSingleton<AdminEndpoint>();
        services.AddSingleton<EcrTokens>().AddSingleton<EcrRepositories>().AddSingleton<EcrImages>().AddSingleton<EcrReferences>().AddSingleton<EcrPolicies>().AddSingleton<EcrImageOperations>();
        services.AddSingleton<BlobStore>().AddSingleton<BlobUploads>();
        services.AddSingleton<BlobEndpoints>().AddSingleton<ManifestEndpoints>().AddSingleton<RegistryEndpoint>();
        services.AddSingleton<IImageStore, ImageStore>();
        services.AddSingleton<ILogStore>(provider => provider.GetRequiredService<LogDatabase>()).AddSingleton<LogReader>();
        services.AddSingleton<IAwsJsonService, EcrService>().AddSingleton<IAwsJsonService, LogsService>().AddSingleton<IAwsJsonService, EventRules>();
        services.AddSingleton<Schedules>().AddSingleton<ScheduleEndpoint>();
        services.AddSingleton<IdleClock>().AddHostedService<IdleShutdown>();
        services.AddLocalEcs();
    }

    private static void AddRequests(WebApplication app)
    {
        app.Use(next => context => HostHeaderCheck.RunAsync(context, next));
        app.UseRouting();
        app.Services.GetRequiredService<AdminEndpoint>().Map(app);
        app.MapServiceAddresses();
        var registry = app.Services.GetRequiredService<RegistryEndpoint>();
        app.Map("/v2/{**path}", registry.HandleAsync);
        app.Services.GetRequiredService<ScheduleEndpoint>().Map(app);
        app.Map("/", app.Services.GetRequiredService<AwsEndpoint>().HandleAsync);
        app.MapFallback(UnknownServices.HandleAsync);
    }
}
