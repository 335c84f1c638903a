using System.Net;
using System.Net.Sockets;

namespace EcsRelease.Tests.Registry;

/// <summary>Passes connections on to a local port, and cuts those in which a word goes by, a number of times.</summary>
internal sealed class CuttingProxy : IAsyncDisposable
{
    private readonly TcpListener listener = new(IPAddress.Loopback, 0);
    private readonly int port;
    private readonly byte[] word;
    private readonly int cuts;
    private readonly Task accepting;
    private int cut;

    public CuttingProxy(int port, string word, int cuts)
    {
        this.port = port;
        this.word = System.Text.Encoding.ASCII.GetBytes(word);
        this.cuts = cuts;
        listener.Start();
        accepting = AcceptAsync();
    }

    public string Host => $"127.0.0.1:{((IPEndPoint)listener.LocalEndpoint).Port}";

    public int Cut => cut;

    public async ValueTask DisposeAsync()
    {
        listener.Dispose();
        await accepting;
    }

    private async Task AcceptAsync()
    {
        while (true)
        {
            try
            {
                _ = PassAsync(await listener.AcceptTcpClientAsync());
            }
            catch (Exception closed) when (closed is SocketException or ObjectDisposedException)
            {
                return;
            }
        }
    }

    private async Task PassAsync(TcpClient client)
    {
        using var server = new TcpClient();
        using (client)
        {
            try
            {
                await server.ConnectAsync(IPAddress.Loopback, port);
                await Task.WhenAny(ForwardAsync(client.GetStream(), server.GetStream()), server.GetStream().CopyToAsync(client.GetStream()));
            }
            catch (Exception closed) when (closed is SocketException or IOException)
            {
                TestContext.Out.WriteLine("proxy: " + closed.Message);
            }
        }
    }

    private async Task ForwardAsync(NetworkStream from, NetworkStream to)
    {
        var buffer = new byte[16 * 1024];
        int count;
        while ((count = await from.ReadAsync(buffer)) > 0)
        {
            if (buffer.AsSpan(0, count).StartsWith(word) && cut < cuts)
            {
                Interlocked.Increment(ref cut);
                return;
            }
            await to.WriteAsync(buffer.AsMemory(0, count));
        }
    }
}
