// SPDX-License-Identifier: Apache-2.0
using System.Diagnostics.CodeAnalysis;
using Tare.Linux;
using Tare.Linux.Files;
using Tare.Oci;

namespace Tare.Server.Registry.Storage;

/// <summary>The name of a repository, checked, and where its things are.</summary>
/// <remarks>distribution-spec 1.1 #pulling-manifests: <c>name</c>. Its folder is one component, with '+', which no
/// name has, for each slash: so a name can neither lead out of the folder nor into another repository.</remarks>
internal sealed record Repository
{
    private const char Slash = '+';

    private Repository(string name)
    {
        Name = name;
        Folder = "repositories/" + name.Replace('/', Slash);
    }

    public string Name { get; }

    /// <summary>By which name, and port, of this server its user called it, if that is one of ours.</summary>
    public string? Host { get; init; }

    /// <summary>Where its things are, as a path in the storage folder.</summary>
    public string Folder { get; }

    /// <summary>The folder of its tags.</summary>
    public string Tags => $"{Folder}/tags";

    public static bool TryParse(string name, [NotNullWhen(true)] out Repository? repository)
    {
        repository = ReferenceGrammar.RefuseRepository(name) is null ? new Repository(name) : null;
        return repository is not null;
    }

    /// <summary>The repository whose folder has this name; null for a foreign folder.</summary>
    public static Repository? OfFolder(string folderName) =>
        TryParse(folderName.Replace(Slash, '/'), out Repository? repository) ? repository : null;

    /// <summary>The folder of its links to blobs of one algorithm.</summary>
    public string Blobs(Oci.HashAlgorithm algorithm) => $"{Folder}/blobs/{Text(algorithm)}";

    /// <summary>The folder of its manifests of one algorithm.</summary>
    public string Manifests(Oci.HashAlgorithm algorithm) => $"{Folder}/manifests/{Text(algorithm)}";

    /// <summary>The folder of the descriptors of what refers to a manifest.</summary>
    public string Referrers(Digest subject) => $"{Folder}/referrers/{Text(subject.Algorithm)}/{subject.Hex}";

    /// <summary>Holds off who removes things (shared), or who adds and removes (alone), until Dispose.</summary>
    public FileLock Lock(StorageFolder folder, bool shared)
    {
        using Fd directory = folder.Make(Folder);
        return FileLock.Take(directory, shared);
    }

    /// <summary>The name of an algorithm's folder.</summary>
    public static string Text(Oci.HashAlgorithm algorithm) =>
        algorithm == Oci.HashAlgorithm.Sha512 ? "sha512" : "sha256";
}
