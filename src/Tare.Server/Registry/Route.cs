// SPDX-License-Identifier: Apache-2.0
using Tare.Oci;
using Tare.Server.Registry.Storage;

namespace Tare.Server.Registry;

/// <summary>What a request is about.</summary>
internal enum Subject
{
    Base,
    Catalog,
    Tags,
    Manifest,
    Blob,
    UploadStart,
    Upload,
    Referrers,
}

/// <summary>A path of the protocol, taken apart.</summary>
/// <remarks>distribution-spec 1.1 #endpoints. Repositories have slashes in their names, so paths are read from their end.</remarks>
/// <param name="Subject">which endpoint</param>
/// <param name="Repository">null for Base and Catalog</param>
/// <param name="Name">the last part: a tag, a digest, an upload's id; or empty</param>
internal sealed record Route(Subject Subject, Repository? Repository, string Name)
{
    private const string Prefix = "/v2/";

    /// <summary>Null when it is no path of the protocol.</summary>
    /// <exception cref="RegistryFailure">NAME_INVALID</exception>
    public static Route? Parse(string path)
    {
        if (path is "/v2/" or "/v2")
        {
            return new(Subject.Base, null, "");
        }

        if (path == "/v2/_catalog")
        {
            return new(Subject.Catalog, null, "");
        }

        if (!path.StartsWith(Prefix, StringComparison.Ordinal))
        {
            return null;
        }

        return path[Prefix.Length..].Split('/') switch
        {
            [.. var name, "tags", "list"] => Of(Subject.Tags, name, ""),
            [.. var name, "manifests", var reference] => Of(Subject.Manifest, name, reference),
            [.. var name, "referrers", var digest] => Of(Subject.Referrers, name, digest),
            [.. var name, "blobs", "uploads"] => Of(Subject.UploadStart, name, ""),
            [.. var name, "blobs", "uploads", ""] => Of(Subject.UploadStart, name, ""),
            [.. var name, "blobs", "uploads", var id] => Of(Subject.Upload, name, id),
            [.. var name, "blobs", var digest] => Of(Subject.Blob, name, digest),
            _ => null,
        };
    }

    /// <summary>The last part as a digest.</summary>
    /// <exception cref="RegistryFailure">DIGEST_INVALID</exception>
    public Digest Digest => Oci.Digest.TryParse(Name, out Digest digest)
        ? digest
        : throw RegistryFailure.DigestInvalid("invalid digest: want sha256:<64 hex digits> or sha512:<128 hex digits>");

    private static Route Of(Subject subject, string[] name, string last) =>
        Repository.TryParse(string.Join('/', name), out Repository? repository)
            ? new(subject, repository, last)
            : throw RegistryFailure.NameInvalid();
}
