using System.Text;
using EcsRelease.Aws;
using EcsRelease.Aws.Targets;
using EcsRelease.Registry;

namespace EcsRelease.Images.Ecr;

/// <param name="Manifest">Null = it is gone, or was not looked for.</param>
/// <param name="Unchecked">Why it was not looked for, as the end of a sentence; null = it was.</param>
internal sealed record FoundManifest(Manifest? Manifest, string? Unchecked = null)
{
    public bool IsGone => Manifest is null && Unchecked is null;

    /// <summary>The image is this one, or an index that holds it.</summary>
    public bool Holds(string digest) => Manifest is { } found
        && (found.Digest == digest || Encoding.UTF8.GetString(found.Bytes.Span).Contains(digest, StringComparison.Ordinal));
}

/// <summary>Whether an image that a revision names is still in ECR.</summary>
/// <param name="wanted">EcrRepository, whose account and region the client is for.</param>
internal sealed class ImagePresence(AwsAccess access, TargetDefaults defaults, string? wanted, TimeProvider time)
{
    private readonly EcrControl control = new(access.Ecr, time);

    /// <exception cref="AwsServiceException">Other than a denial.</exception>
    public async Task<FoundManifest> FindAsync(string image, CancellationToken cancellationToken)
    {
        ImageReference reference;
        try
        {
            reference = ImageReference.Parse(image);
        }
        catch (EcsReleaseException unreadable)
        {
            return new(null, unreadable.Message.TrimEnd('.'));
        }
        var address = EcrAddress.Parse($"{reference.Host}/{reference.Repository}");
        if (address is null && !await IsOwnRegistryAsync(reference, cancellationToken))
            return new(null, $"'{reference.Host}' is not ECR, and only ECR is asked");
        var region = EcrAddress.Parse(wanted)?.Region ?? access.Region;
        if (address is not null && address.Region != region)
            return new(null, $"it is in region {address.Region}, and only {region} is asked");
        var repository = new EcrRepository { Name = reference.Repository, RegistryId = address is not null && address.Account != access.Account ? address.Account : null };
        try
        {
            return new(await control.FindAsync(repository, reference.Target, cancellationToken));
        }
        catch (AwsServiceException gone) when (gone.ErrorCode == "RepositoryNotFoundException")
        {
            return new(null);
        }
        catch (AwsServiceException denied) when (denied.IsAccessDenied)
        {
            return new(null, $"{denied.Operation} is denied");
        }
    }

    // A target with one registry gives it a host of its own kind.
    private async Task<bool> IsOwnRegistryAsync(ImageReference reference, CancellationToken cancellationToken) =>
        defaults.HasOneRegistry && await control.HostAsync(cancellationToken) == reference.Host;
}
