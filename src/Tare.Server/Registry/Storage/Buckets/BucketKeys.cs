// SPDX-License-Identifier: Apache-2.0
using Tare.Oci;

namespace Tare.Server.Registry.Storage.Buckets;

/// <summary>Where things are in a bucket: as in a folder, but that a repository's blob is an object with its size in it.</summary>
internal static class BucketKeys
{
    public const string Contents = "blobs/";
    public const string Repositories = "repositories/";

    public static string Content(Digest digest) => $"{Contents}{Text(digest)}";

    public static string Blobs(Repository repository) => $"{repository.Folder}/blobs/";

    public static string Blob(Repository repository, Digest digest) => $"{Blobs(repository)}{Text(digest)}";

    public static string Manifests(Repository repository) => $"{repository.Folder}/manifests/";

    public static string Manifest(Repository repository, Digest digest) => $"{Manifests(repository)}{Text(digest)}";

    public static string Tags(Repository repository) => $"{repository.Tags}/";

    public static string Tag(Repository repository, string tag) => $"{repository.Tags}/{tag}";

    public static string Referrers(Repository repository, Digest subject) => $"{repository.Referrers(subject)}/";

    public static string Referrer(Repository repository, Digest subject, Digest digest) =>
        $"{Referrers(repository, subject)}{ReferrerName(digest)}";

    public static string ReferrerName(Digest digest) => $"{Repository.Text(digest.Algorithm)}-{digest.Hex}";

    /// <summary>The digest at the end of a key, <c>…ALG/HEX</c>.</summary>
    public static bool TryDigest(string key, out Digest digest)
    {
        string[] parts = key.Split('/');
        digest = default;
        return parts.Length >= 2 && Digest.TryParse($"{parts[^2]}:{parts[^1]}", out digest);
    }

    private static string Text(Digest digest) => $"{Repository.Text(digest.Algorithm)}/{digest.Hex}";
}
