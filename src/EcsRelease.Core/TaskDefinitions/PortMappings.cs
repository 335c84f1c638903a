using System.Globalization;
using System.Text.Json.Nodes;
using EcsRelease.Aws;

namespace EcsRelease.TaskDefinitions;

/// <summary>Ports between options (`8080` → `tcp`), image config (`8080/tcp`) and `portMappings`.</summary>
internal static class PortMappings
{
    public static string Protocol(NameValue port) => port.Value.Length == 0 ? "tcp" : port.Value.ToLowerInvariant();

    /// <param name="port">Number and protocol.</param>
    /// <exception cref="EcsReleaseException">ECSR1002.</exception>
    public static JsonObject Of(NameValue port)
    {
        if (!int.TryParse(port.Name, NumberStyles.None, CultureInfo.InvariantCulture, out var number) || number is < 1 or > 65535)
            throw Errors.BadValue("EcsPort", port.Name, "a port number from 1 to 65535");
        if (Protocol(port) is not ("tcp" or "udp"))
            throw Errors.BadValue($"EcsPort '{port.Name}', Protocol", port.Value, "tcp or udp");
        return new JsonObject { ["containerPort"] = number, ["protocol"] = Protocol(port) };
    }

    /// <summary>`8080/tcp` of an image config; without a protocol it is tcp (OCI image-spec config.md).</summary>
    public static NameValue Parse(string exposed)
    {
        var parts = exposed.Split('/', 2);
        return new(parts[0], parts.Length > 1 ? parts[1] : "tcp");
    }

    /// <summary>`port:NUMBER/PROTOCOL` of a mapping.</summary>
    public static string NameOf(JsonObject mapping) => $"port:{mapping.Integer("containerPort")}/{mapping.Text("protocol") ?? "tcp"}";
}
