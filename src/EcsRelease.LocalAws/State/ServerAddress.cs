using System.Net;
using System.Net.Sockets;
using System.Text.Json.Nodes;

namespace EcsRelease.LocalAws.State;

/// <summary>
/// Where this server listens. The socket is bound before anything else starts, so that every part knows the
/// port, and no other process can take it in between.
/// </summary>
public sealed class ServerAddress : IDisposable
{
    private const string Kind = "local.server";
    private const string Key = "port";

    private ServerAddress(Socket socket)
    {
        Socket = socket;
        Port = ((IPEndPoint)socket.LocalEndPoint!).Port;
    }

    public int Port { get; }

    public string Host => $"127.0.0.1:{Port}";

    public string Endpoint => $"http://{Host}";

    internal Socket Socket { get; }

    /// <summary>The wanted port, else the one of last time when it is free, else any.</summary>
    public static ServerAddress Bind(int wanted, IDocumentStore documents)
    {
        var last = documents.Get(Kind, Key)?["port"]?.GetValue<int>() ?? 0;
        ServerAddress address;
        try
        {
            address = new ServerAddress(Listen(wanted != 0 ? wanted : last));
        }
        catch (SocketException e) when (wanted != 0)
        {
            throw LocalAwsException.PortTaken(wanted, e);
        }
        catch (SocketException)
        {
            address = new ServerAddress(Listen(0));
        }

        documents.Put(Kind, Key, new JsonObject { ["port"] = address.Port });
        return address;
    }

    public void Dispose() => Socket.Dispose();

    private static Socket Listen(int port)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            socket.Bind(new IPEndPoint(IPAddress.Loopback, port));
            // A bound socket that does not listen yet would not keep another one from binding the same port.
            socket.Listen(512);
            return socket;
        }
        catch (SocketException)
        {
            socket.Dispose();
            throw;
        }
    }
}
