using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace EcsRelease.Permissions;

/// <summary>Policies as text. Nothing is escaped that IAM and shells take as it is.</summary>
public static class PolicyDocuments
{
    internal static JsonSerializerOptions OneLine { get; } = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private static readonly JsonSerializerOptions Lines = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, WriteIndented = true, NewLine = "\n" };

    public static string Indented(JsonObject document) => document.ToJsonString(Lines);
}
