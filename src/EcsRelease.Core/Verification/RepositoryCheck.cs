namespace EcsRelease.Verification;

/// <summary>Whether the repository exists and keeps what a revision names.</summary>
internal sealed class RepositoryCheck : ICheck
{
    public CheckGroup Group => CheckGroup.Image;

    public string Name => "repository";

    public Task<IReadOnlyList<Finding>> RunAsync(VerifiedRelease release, CancellationToken cancellationToken) =>
        Task.FromResult<IReadOnlyList<Finding>>([Find(release)]);

    private static Finding Find(VerifiedRelease release)
    {
        if (release.Repository is not { } repository)
            return Finding.CouldNotCheck("the repository could not be read");
        if (repository.Uri is null)
            return release.Options.CreateRepository ?? release.Defaults.CreateRepository
                ? Finding.Ok($"'{repository.Name}' does not exist yet; deploy creates it with immutable tags")
                : Finding.Failed($"'{repository.Name}' does not exist",
                    $"aws ecr create-repository --repository-name {ShellWord.Of(repository.Name)} --image-tag-mutability IMMUTABLE --image-scanning-configuration scanOnPush=true --region {release.Scope.ForeignRepository?.Region ?? release.Region}");
        // A commit's tag stands for all of them: any tag without a filter would do.
        if (release.Tag is { } tag && !repository.MakesImmutable(tag))
            return release.Options.ImageReference == ImageReferencePolicy.Tag
                ? Finding.Failed($"tags of '{repository.Uri}' can be overwritten, and the revision names its image by one (EcsImageReference=tag)", repository.MakeImmutableCommand(release.Options.MovingTags))
                : Finding.Ok($"'{repository.Uri}' exists; its tags can be overwritten, so the revision names its image by digest");
        return Finding.Ok(release.Tag is null ? $"'{repository.Uri}' exists" : $"'{repository.Uri}' exists and makes the commit's tag immutable");
    }
}
