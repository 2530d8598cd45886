// SPDX-License-Identifier: Apache-2.0
namespace Tare.Server.Registry;

/// <summary>An answer that is an error of the protocol.</summary>
/// <remarks>distribution-spec 1.1 #error-codes.</remarks>
/// <param name="status">of HTTP</param>
/// <param name="code">one of the specification's</param>
/// <param name="message">one line for people</param>
/// <param name="digests">what the error is about, if it is about content; an entry for each</param>
internal sealed class RegistryFailure(int status, string code, string message, params string[] digests)
    : Exception(message)
{
    public int Status => status;

    public string Code => code;

    public IReadOnlyList<string> Digests => digests;

    public static RegistryFailure NameInvalid() => new(400, "NAME_INVALID", "invalid repository name");

    public static RegistryFailure NameUnknown(string name) =>
        new(404, "NAME_UNKNOWN", $"repository {name} is not known to the registry");

    public static RegistryFailure BlobUnknown(string digest) =>
        new(404, "BLOB_UNKNOWN", "blob unknown to this repository", digest);

    public static RegistryFailure ManifestUnknown(string reference) =>
        new(404, "MANIFEST_UNKNOWN", $"manifest {reference} is not known to this repository");

    public static RegistryFailure UploadUnknown() =>
        new(404, "BLOB_UPLOAD_UNKNOWN", "blob upload is not known to this repository");

    public static RegistryFailure DigestInvalid(string message, params string[] digests) =>
        new(400, "DIGEST_INVALID", message, digests);

    public static RegistryFailure SizeInvalid(string message) => new(400, "SIZE_INVALID", message);

    public static RegistryFailure ManifestInvalid(string message) => new(400, "MANIFEST_INVALID", message);

    public static RegistryFailure MethodUnsupported() =>
        new(405, "UNSUPPORTED", "this method is not supported here");
}
