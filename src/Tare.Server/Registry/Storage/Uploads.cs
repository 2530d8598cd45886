// SPDX-License-Identifier: Apache-2.0
using System.Security.Cryptography;
using System.Text;
using Tare.Linux;
using Tare.Linux.Files;
using Tare.Oci;

namespace Tare.Server.Registry.Storage;

/// <summary>Blobs on their way: a file for each, whose length is all there is to know, so that any server on the folder
/// can go on with it at any time.</summary>
/// <remarks>distribution-spec 1.1 #pushing-blobs. An upload belongs to the repository whose hash is part of its file's
/// name. Safe to use from several threads and processes; one request at a time writes to an upload.</remarks>
/// <param name="folder">lent</param>
/// <param name="keep">makes a finished upload, verified and durable, a blob of its repository</param>
internal sealed class Uploads(StorageFolder folder, Func<Repository, Digest, Fd, CancellationToken, ValueTask> keep) : IDisposable
{
    public const string Folder = "uploads";
    private const int IdLength = 32;
    private const int RepositoryHashLength = 16;
    private const uint OwnerReadsAndWrites = 0b110_000_000;
    private readonly HashesUnderWay _hashes = new();

    /// <summary>Starts an upload.</summary>
    /// <returns>its id: 32 hex digits that nobody can guess</returns>
    public string Start(Repository repository)
    {
        string id = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(IdLength / 2));
        using Fd directory = folder.Make(Folder);
        using Fd file = directory.Open(
            Encoding.ASCII.GetBytes(FileName(repository, id)),
            OpenFlags.WriteOnly | OpenFlags.Create | OpenFlags.Exclusive,
            OwnerReadsAndWrites);
        directory.Sync();
        return id;
    }

    /// <summary>A file without a name where uploads are, for bytes that come from elsewhere.</summary>
    public Fd Spool()
    {
        using Fd directory = folder.Make(Folder);
        return directory.OpenTemporary(OwnerReadsAndWrites);
    }

    /// <summary>Opens an upload for one request; null when this repository has none of that id.</summary>
    /// <exception cref="TareException">Conflict: another request is writing to it</exception>
    public Upload? TryOpen(Repository repository, string id)
    {
        if (id.Length != IdLength || !id.All(char.IsAsciiHexDigitLower))
        {
            return null;
        }

        string name = FileName(repository, id);
        Fd? file = folder.TryOpen($"{Folder}/{name}", OpenFlags.ReadWrite);
        if (file is null)
        {
            return null;
        }

        FileLock? writing = FileLock.TryTake(file);
        if (writing is null)
        {
            file.Dispose();
            throw new TareException(ErrorKind.Conflict, $"upload {id}: another request is writing to it");
        }

        using Fd directory = folder.Make(Folder);
        if (writing.IsStillNamed(directory, Encoding.ASCII.GetBytes(name)))
        {
            return new Upload(id, name, file, writing, _hashes);
        }

        // whoever held it until now finished it
        writing.Dispose();
        file.Dispose();
        return null;
    }

    /// <summary>How many bytes an upload has; null when this repository has none of that id.</summary>
    public long? TryMeasure(Repository repository, string id)
    {
        if (id.Length != IdLength || !id.All(char.IsAsciiHexDigitLower))
        {
            return null;
        }

        using Fd? file = folder.TryOpen($"{Folder}/{FileName(repository, id)}", OpenFlags.Path);
        return file?.Status().Size;
    }

    /// <summary>Makes the upload a blob of the repository, if its bytes hash to the digest.</summary>
    /// <returns>false when they do not: the upload is then gone</returns>
    public async Task<bool> TryFinishAsync(Repository repository, Upload upload, Digest digest, CancellationToken ct)
    {
        bool matches = upload.Hash(digest.Algorithm) == digest;
        if (matches)
        {
            upload.MakeDurable();
            await keep(repository, digest, upload.File, ct);
        }

        Remove(upload);
        return matches;
    }

    public void Remove(Upload upload)
    {
        folder.TryRemove(Folder, upload.Name);
        upload.Forget();
    }

    public void Dispose() => _hashes.Dispose();

    private static string FileName(Repository repository, string id)
    {
        byte[] hash = SHA256.HashData(Encoding.ASCII.GetBytes(repository.Name));
        return $"{id}.{Convert.ToHexStringLower(hash)[..RepositoryHashLength]}";
    }
}
