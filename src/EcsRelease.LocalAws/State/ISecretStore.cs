namespace EcsRelease.LocalAws.State;

/// <summary>Plain values of what a task definition's `secrets` name by `valueFrom`.</summary>
public interface ISecretStore
{
    /// <summary>null when nobody has set it.</summary>
    string? Get(string valueFrom);
}
