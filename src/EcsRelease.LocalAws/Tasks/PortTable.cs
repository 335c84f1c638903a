using System.Net;
using System.Net.Sockets;

namespace EcsRelease.LocalAws.Tasks;

/// <summary>Free ports of 127.0.0.1. A port is not handed out twice while it is reserved, listened on or not.</summary>
internal sealed class PortTable
{
    private readonly Lock _lock = new();
    private readonly HashSet<int> _reserved = [];

    public int Reserve()
    {
        lock (_lock)
        {
            while (true)
            {
                using var listener = new TcpListener(IPAddress.Loopback, 0);
                listener.Start();
                var port = ((IPEndPoint)listener.LocalEndpoint).Port;
                if (_reserved.Add(port))
                    return port;
            }
        }
    }

    public void Release(int port)
    {
        lock (_lock)
            _reserved.Remove(port);
    }
}
