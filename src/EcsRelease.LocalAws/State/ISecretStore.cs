namespace EcsRelease.LocalAws.State;

/// <summary>Values of secrets for tasks, as the execution role would read them.</summary>
public interface ISecretStore
{
    /// <param name="valueFrom">As a task definition writes it: an ARN of Secrets Manager or Parameter Store, or a parameter's name.</param>
    /// <returns>Null when there is no such secret.</returns>
    string? Get(string valueFrom);
}
