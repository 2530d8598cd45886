// SPDX-License-Identifier: Apache-2.0
using Tare.Build.Sources;
using Tare.Oci;

namespace Tare.Build.Attest;

/// <summary>Something from elsewhere that went into an image.</summary>
/// <param name="Uri">where it is from, without passwords</param>
/// <param name="Algorithm">of the digest: sha256, sha512, sha1</param>
/// <param name="Digest">hex</param>
internal sealed record Material(string Uri, string Algorithm, string Digest)
{
    /// <summary>As a package URL.</summary>
    /// <remarks>github.com/package-url/purl-spec, type docker.</remarks>
    public static Material OfImage(Reference image, Platform platform)
    {
        Digest digest = image.Digest ?? throw new TareException(ErrorKind.Internal, $"{image}: a base image without its digest");
        return new Material(PackageUrl(image, platform), digest.Algorithm == HashAlgorithm.Sha512 ? "sha512" : "sha256", digest.Hex);
    }

    /// <summary>A repository at the commit that was used.</summary>
    public static Material OfRepository(string remote, string? name, string commit)
    {
        const int Sha1Digits = 40;
        string uri = RemoteText.WithoutPassword(remote) + (name is null ? "" : "#" + name);
        return new Material(uri, commit.Length == Sha1Digits ? "sha1" : "sha256", commit);
    }

    /// <summary>A file of a server.</summary>
    public static Material OfFile(string url, Digest digest) => new(
        RemoteText.WithoutPassword(url), digest.Algorithm == HashAlgorithm.Sha512 ? "sha512" : "sha256", digest.Hex);

    /// <summary>An image's name as a package URL.</summary>
    public static string PackageUrl(Reference image, Platform platform)
    {
        string version = image.Tag is { } tag ? "@" + System.Uri.EscapeDataString(tag) : "";
        return $"pkg:docker/{image.FamiliarName}{version}?platform={System.Uri.EscapeDataString(platform.ToString())}";
    }
}
