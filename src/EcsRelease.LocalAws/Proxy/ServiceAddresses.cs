using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text.Json.Nodes;
using EcsRelease.LocalAws.Ecs;
using EcsRelease.LocalAws.Http;
using EcsRelease.LocalAws.State;
using EcsRelease.LocalAws.Tasks;

using IdleClock = EcsRelease.LocalAws.Http.IdleClock;

namespace EcsRelease.LocalAws.Proxy;

/// <summary>One local address per service with a tcp port; its port is chosen once and kept over restarts.</summary>
internal sealed class ServiceAddresses(
    EcsStore store, IDocumentStore documents, PortTable ports, ServiceForwarder forwarder, IdleClock idle, ILogger<ServiceAddresses> logger) : IServiceObserver
{
    private const string Kind = "service-address";

    private readonly ConcurrentDictionary<string, Lazy<Task<WebApplication?>>> _listeners = new();

    public void Changed(string serviceKey)
    {
        var service = store.Find(EcsStore.Services, serviceKey);
        if (service?.Shape.Text("status") == "ACTIVE" && HasPort(service))
            _listeners.GetOrAdd(serviceKey, key => new Lazy<Task<WebApplication?>>(() => ListenAsync(key)));
        else if (service?.Shape.Text("status") == "INACTIVE" && _listeners.TryRemove(serviceKey, out var listener))
            _ = CloseAsync(listener);
        if (_listeners.TryGetValue(serviceKey, out var wanted))
            _ = wanted.Value;
    }

    /// <summary>The address, once it listens; null for a service without a tcp port.</summary>
    public async Task<string?> FindAsync(string serviceKey)
    {
        Changed(serviceKey);
        return _listeners.TryGetValue(serviceKey, out var listener) && await listener.Value is not null && documents.Get(Kind, serviceKey) is { } address
            ? string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{address.Number("port")}")
            : null;
    }

    public Task CloseAllAsync() => Task.WhenAll(_listeners.Values.Select(CloseAsync));

    private bool HasPort(EcsDocument service) => store.FindTaskDefinition(service.Shape.Text("taskDefinition")!)?.Shape
        .Objects("containerDefinitions").Any(container => container.Objects("portMappings").Any(mapping => mapping.Text("protocol") == "tcp")) == true;

    private async Task<WebApplication?> ListenAsync(string serviceKey)
    {
        if (documents.Get(Kind, serviceKey)?.Number("port") is { } kept && await TryListenAsync(serviceKey, kept) is { } again)
            return again;
        for (var attempt = 0; attempt < 5; attempt++)
        {
            var port = ports.Reserve();
            if (await TryListenAsync(serviceKey, port) is not { } application)
                continue;
            documents.Put(Kind, serviceKey, new JsonObject { ["port"] = port });
            return application;
        }
        logger.LogError("No port could be opened for service {Service}.", serviceKey);
        return null;
    }

    private async Task<WebApplication?> TryListenAsync(string serviceKey, int port)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
        {
            kestrel.Listen(IPAddress.Loopback, port);
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = null;
        });
        var application = builder.Build();
        // A service that is used keeps the server from ending as idle.
        application.Run(async context =>
        {
            using var use = idle.Begin();
            await forwarder.ForwardAsync(context, serviceKey);
        });
        try
        {
            await application.StartAsync();
            return application;
        }
        catch (Exception taken) when (taken is IOException or SocketException)
        {
            await application.DisposeAsync();
            return null;
        }
    }

    private static async Task CloseAsync(Lazy<Task<WebApplication?>> listener)
    {
        if (await listener.Value is not { } application)
            return;
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(5));
        await application.StopAsync(limit.Token);
        await application.DisposeAsync();
    }
}
