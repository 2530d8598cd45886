// SPDX-License-Identifier: Apache-2.0
using System.Text;
using Tare.Linux;
using Tare.Linux.Files;
using Tare.Linux.Processes;
using Tare.Oci.Runtime;
using FileRoot = Tare.Linux.Files.Root;

namespace Tare.Engine.Building;

/// <summary>Places that a step's mounts need and its image lacks: they are made for the process, and must not become part of
/// its layer.</summary>
internal sealed class MountStubs
{
    private const OpenFlags Look = OpenFlags.Path | OpenFlags.NoFollow;

    private static readonly byte[] Upper = "upper"u8.ToArray();

    /// <summary>Missing paths, each target before its missing parents.</summary>
    private readonly List<string> _missing = [];

    /// <summary>Folders that were there and had something made in them.</summary>
    private readonly SortedSet<string> _touched = new(StringComparer.Ordinal);

    /// <summary>Looks before anything is mounted.</summary>
    /// <param name="rootfs">lent</param>
    /// <param name="spec">of the step</param>
    public static MountStubs Find(Fd rootfs, Spec spec)
    {
        var stubs = new MountStubs();
        using FileRoot view = FileRoot.From(rootfs.Duplicate());
        foreach (Mount mount in spec.Mounts ?? [])
        {
            stubs.Add(view, mount.Destination.TrimEnd('/'));
        }

        return stubs;
    }

    /// <summary>Removes what is still empty, as the user that made it.</summary>
    public void Remove(Fd rootfs, MappedUsers? users)
    {
        using FileRoot view = FileRoot.From(rootfs.Duplicate());
        using FileSystemUser? root = users?.BeRoot();
        foreach (string path in _missing)
        {
            byte[] bytes = Encoding.UTF8.GetBytes(path);
            using Fd? parent = TryParent(view, bytes, out byte[] name);
            if (parent?.TryStatus(name) is not { } status)
            {
                continue;
            }

            if (status is { IsRegular: true, Size: 0 })
            {
                parent.TryUnlink(name);
            }
            else if (status.IsDirectory)
            {
                RemoveEmpty(parent, name);
            }
        }
    }

    /// <summary>Removes folders that were copied up only because a stub stood in them for a while.</summary>
    /// <param name="folder">holds the writable directory, mounted no more</param>
    /// <param name="below">what the step began with</param>
    public void RemoveTraces(Fd folder, FileRoot below)
    {
        using FileRoot upper = FileRoot.From(folder.Open(Upper, OpenFlags.Path | OpenFlags.Directory));
        foreach (string touched in _touched.Reverse())
        {
            for (string path = touched; path.Length > 0; path = path[..path.LastIndexOf('/')])
            {
                byte[] bytes = Encoding.UTF8.GetBytes(path);
                using Fd? parent = TryParent(upper, bytes, out byte[] name);
                using Fd? was = below.TryResolve(bytes, Look);
                bool isSame = parent?.TryStatus(name) is { IsDirectory: true } now && was?.Status() is { IsDirectory: true } then
                    && (now.Mode, now.Uid, now.Gid) == (then.Mode, then.Uid, then.Gid);
                if (!isSame || !RemoveEmpty(parent!, name))
                {
                    break;
                }
            }
        }
    }

    private void Add(FileRoot view, string target)
    {
        string path = target;
        for (; path.Length > 0; path = path[..path.LastIndexOf('/')])
        {
            using Fd? there = view.TryResolve(Encoding.UTF8.GetBytes(path), Look);
            if (there is not null)
            {
                break;
            }

            _missing.Add(path);
        }

        if (path != target)
        {
            _touched.Add(path);
        }
    }

    private static Fd? TryParent(FileRoot view, byte[] path, out byte[] name)
    {
        int slash = Array.LastIndexOf(path, (byte)'/');
        name = path[(slash + 1)..];
        return view.TryResolve(slash <= 0 ? "."u8 : path.AsSpan(0, slash), OpenFlags.Path | OpenFlags.Directory);
    }

    private static bool RemoveEmpty(Fd parent, byte[] name)
    {
        using Fd directory = parent.Open(name, OpenFlags.ReadOnly | OpenFlags.Directory);
        return directory.IsEmptyDirectory() && parent.TryRemoveDirectory(name);
    }
}
