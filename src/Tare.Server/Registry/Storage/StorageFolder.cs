// SPDX-License-Identifier: Apache-2.0
using System.Text;
using Tare.Linux;
using Tare.Linux.Files;
using Tare.Oci;

namespace Tare.Server.Registry.Storage;

/// <summary>The folder of a registry: names in it, made when missing (0700), resolved beneath it only.</summary>
/// <remarks>
/// <c>blobs/ALG/HEX</c> one name for each content, so that it is stored once ·
/// <c>repositories/NAME/{blobs,manifests}/ALG/HEX</c> and <c>…/tags/TAG</c>, <c>…/referrers/ALG/HEX/…</c> what a
/// repository shows · <c>uploads/ID</c> what is on its way. The blob of a repository is a hard link to the content, so
/// that having a name, being allowed to read and keeping the bytes alive are one thing which the kernel counts.
/// Any number of threads and processes may work in one folder.
/// </remarks>
internal sealed class StorageFolder : IDisposable
{
    private const uint OwnerOnly = 0b111_000_000;
    private readonly Root _root;

    private StorageFolder(string path, Root root)
    {
        Path = path;
        _root = root;
    }

    /// <summary>The path that the user gave.</summary>
    public string Path { get; }

    /// <exception cref="TareException">PermissionDenied: the folder cannot be made or opened</exception>
    public static StorageFolder Open(string path)
    {
        try
        {
            StorageFolder folder = new(path, Root.From(HostPath.MakeDirectories(path, OwnerOnly)));
            folder.Make("blobs/sha256").Dispose();
            folder.Make("blobs/sha512").Dispose();
            folder.Make("repositories").Dispose();
            folder.Make("uploads").Dispose();
            return folder;
        }
        catch (LinuxException e)
        {
            throw new TareException(
                ErrorKind.PermissionDenied, $"registry folder {Quoted.Text(path)}: {e.Message}",
                "--storage DIR names a folder that may be written", e);
        }
    }

    /// <summary>Opens a file or folder; null when it is not there. The caller disposes.</summary>
    public Fd? TryOpen(string path, OpenFlags flags = OpenFlags.ReadOnly) =>
        _root.TryResolve(Encoding.ASCII.GetBytes(path), flags | OpenFlags.NoFollow, ResolveMode.Beneath);

    /// <summary>Opens a folder for reading its names; null when it is not there. The caller disposes.</summary>
    public Fd? TryOpenFolder(string path) => TryOpen(path, OpenFlags.ReadOnly | OpenFlags.Directory);

    public bool Has(string path)
    {
        using Fd? file = TryOpen(path, OpenFlags.Path);
        return file is not null;
    }

    /// <summary>Opens a folder and makes what is missing on the way, durably. The caller disposes.</summary>
    public Fd Make(string path)
    {
        if (TryOpenFolder(path) is { } existing)
        {
            return existing;
        }

        Fd current = _root.Fd.Reopen(OpenFlags.ReadOnly | OpenFlags.Directory);
        foreach (string part in path.Split('/'))
        {
            using Fd parent = current;
            byte[] name = Encoding.ASCII.GetBytes(part);
            parent.TryMakeDirectory(name, OwnerOnly);
            current = parent.Open(name, OpenFlags.ReadOnly | OpenFlags.Directory);
            // also when another process made it a moment ago: it may not have come to this line yet
            parent.Sync();
        }

        return current;
    }

    /// <summary>A second, durable name for an open file; true also when the name is there already.</summary>
    /// <returns>false when the file lost its last name meanwhile, or has as many as its file system allows</returns>
    public bool TryLink(Fd file, string folder, string name)
    {
        using Fd directory = Make(folder);
        try
        {
            directory.LinkFile(Encoding.ASCII.GetBytes(name), file);
        }
        catch (LinuxException e) when (e.Errno == Errno.EEXIST)
        {
            // the same content by whoever was first
        }
        catch (LinuxException e) when (e.Errno is Errno.ENOENT or Errno.EMLINK)
        {
            return false;
        }

        directory.Sync();
        return true;
    }

    /// <summary>False when there was no such name.</summary>
    public bool TryRemove(string folder, string name)
    {
        using Fd? directory = TryOpenFolder(folder);
        if (directory is null || !directory.TryUnlink(Encoding.ASCII.GetBytes(name)))
        {
            return false;
        }

        directory.Sync();
        return true;
    }

    /// <summary>Creates or replaces a small file, atomically and durably.</summary>
    public void Write(string folder, string name, ReadOnlySpan<byte> bytes)
    {
        using Fd directory = Make(folder);
        AtomicFile.Write(directory, Encoding.ASCII.GetBytes(name), bytes, durable: true);
    }

    /// <summary>The whole of a small file; null when it is not there.</summary>
    public byte[]? TryRead(string path, int maxBytes)
    {
        using Fd? file = TryOpen(path);
        return file?.ReadAll(maxBytes);
    }

    /// <summary>The names in a folder, without unfinished files; none when there is no folder.</summary>
    public List<string> Names(string path)
    {
        List<string> names = [];
        using Fd? directory = TryOpenFolder(path);
        if (directory is null)
        {
            return names;
        }

        foreach (Entry entry in directory.Entries())
        {
            if (entry.Name[0] != '.')
            {
                names.Add(Encoding.ASCII.GetString(entry.Name));
            }
        }

        return names;
    }

    public void Dispose() => _root.Dispose();
}
