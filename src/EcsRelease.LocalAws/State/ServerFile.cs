using System.Text.Json;
using System.Text.Json.Nodes;

namespace EcsRelease.LocalAws.State;

/// <summary>
/// server.json: where a running local AWS is and how to sign for it. Its shape is a promise, additions only:
/// schema, endpoint, region, account, accessKeyId, secretAccessKey, pid, version.
/// </summary>
public sealed record ServerFile(string Endpoint, string Region, string Account, string AccessKeyId, string SecretAccessKey, int ProcessId, string Version)
{
    public sealed override string ToString() => Endpoint;

    /// <summary>null when there is none, or when it is not readable as one.</summary>
    public static ServerFile? Read(StateFolder folder)
    {
        try
        {
            if (JsonNode.Parse(File.ReadAllText(folder.ServerFile)) is not JsonObject content)
                return null;
            return new ServerFile(
                content["endpoint"]!.GetValue<string>(),
                content["region"]!.GetValue<string>(),
                content["account"]!.GetValue<string>(),
                content["accessKeyId"]!.GetValue<string>(),
                content["secretAccessKey"]!.GetValue<string>(),
                content["pid"]!.GetValue<int>(),
                content["version"]!.GetValue<string>());
        }
        catch (Exception e) when (e is IOException or JsonException or NullReferenceException or InvalidOperationException)
        {
            return null;
        }
    }

    public void Write(StateFolder folder) => StateFolder.WritePrivateFile(folder.ServerFile, ToJson() + "\n");

    public string ToJson() => new JsonObject
    {
        ["schema"] = 1,
        ["endpoint"] = Endpoint,
        ["region"] = Region,
        ["account"] = Account,
        ["accessKeyId"] = AccessKeyId,
        ["secretAccessKey"] = SecretAccessKey,
        ["pid"] = ProcessId,
        ["version"] = Version,
    }.ToJsonString();
}
