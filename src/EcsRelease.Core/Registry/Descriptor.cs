namespace EcsRelease.Registry;

/// <summary>A content descriptor (OCI image-spec descriptor.md).</summary>
/// <param name="Digest">`sha256:` and 64 hex digits.</param>
/// <param name="Size">Bytes.</param>
public sealed record Descriptor(string MediaType, string Digest, long Size);

/// <summary>A manifest as its exact bytes; the digest is theirs.</summary>
public sealed record Manifest(string MediaType, string Digest, ReadOnlyMemory<byte> Bytes);
