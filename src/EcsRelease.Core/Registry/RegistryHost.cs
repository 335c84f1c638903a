using System.Net;
using System.Net.Sockets;

namespace EcsRelease.Registry;

/// <summary>A registry's address, and where an answer of it may send a request next.</summary>
internal sealed class RegistryHost
{
    private readonly string authority;

    public RegistryHost(string authority)
    {
        this.authority = authority;
        var plain = new Uri("https://" + authority);
        // As Docker: only a registry on this very machine is spoken to without TLS.
        Root = IsLoopback(plain) ? new Uri("http://" + authority) : plain;
    }

    public Uri Root { get; }

    public override string ToString() => authority;

    /// <summary>True when a credential of this registry may go there: scheme, host and port are its own.</summary>
    public bool Owns(Uri address) => address.Scheme == Root.Scheme && address.Authority.Equals(Root.Authority, StringComparison.OrdinalIgnoreCase);

    /// <summary>Resolves a Location or a token realm that the registry named. Addresses inside the own network are
    /// refused unless they are on the registry's own host: a registry must not steer requests to an instance's
    /// metadata or to a neighbour (go-containerregistry, write.go nextLocation; .NET SDK, ValidateRealmUri).</summary>
    /// <exception cref="EcsReleaseException">ECSR3021.</exception>
    public Uri Follow(Uri from, string location)
    {
        if (!Uri.TryCreate(from, location, out var target) || target.Scheme is not ("http" or "https"))
            throw Errors.RegistryRedirectRefused(authority, Printable(location), "it is not an http address");
        if (target.Host.Equals(Root.Host, StringComparison.OrdinalIgnoreCase) && (target.Scheme == "https" || Root.Scheme == "http"))
            return target;
        // Names are not resolved: behind a VPC endpoint a legitimate name, S3's for example, has a private address.
        if (IsLoopback(target) || (IPAddress.TryParse(target.IdnHost, out var address) && IsPrivate(address)))
            throw Errors.RegistryRedirectRefused(authority, Printable(target.ToString()), "it is an address of a private network");
        if (target.Scheme != "https")
            throw Errors.RegistryRedirectRefused(authority, Printable(target.ToString()), "it is not encrypted");
        return target;
    }

    /// <summary>An address without user and query: queries of redirects hold signatures.</summary>
    public static string Printable(string address) =>
        Uri.TryCreate(address, UriKind.Absolute, out var uri) ? uri.GetLeftPart(UriPartial.Path).Replace(uri.UserInfo + "@", "", StringComparison.Ordinal) : address.Split('?')[0];

    private static bool IsLoopback(Uri address) =>
        address.IsLoopback || address.Host.EndsWith(".localhost", StringComparison.OrdinalIgnoreCase)
        || (IPAddress.TryParse(address.IdnHost, out var ip) && IPAddress.IsLoopback(ip));

    private static bool IsPrivate(IPAddress address)
    {
        if (address.IsIPv4MappedToIPv6)
            address = address.MapToIPv4();
        if (IPAddress.IsLoopback(address) || address.Equals(IPAddress.Any) || address.Equals(IPAddress.IPv6Any))
            return true;
        if (address.AddressFamily == AddressFamily.InterNetworkV6)
            return address.IsIPv6LinkLocal || address.IsIPv6UniqueLocal || address.IsIPv6SiteLocal;
        var bytes = address.GetAddressBytes();
        return bytes[0] is 10 or 0 or 127
            || (bytes[0] == 172 && bytes[1] is >= 16 and < 32)
            || (bytes[0] == 192 && bytes[1] == 168)
            || (bytes[0] == 169 && bytes[1] == 254)
            || (bytes[0] == 100 && bytes[1] is >= 64 and < 128);
    }
}
