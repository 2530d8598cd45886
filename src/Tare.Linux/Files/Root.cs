// SPDX-License-Identifier: Apache-2.0
using Tare.Linux.Interop;

namespace Tare.Linux.Files;

/// <summary>
/// A directory that is <c>/</c> for everything resolved through it: the only way a path with a component from an image,
/// container, volume, archive or build context becomes an open file.
/// </summary>
/// <remarks>
/// man openat2(2): the kernel walks the whole path in one call, so nobody can swap a component between check and use.
/// Magic links (/proc/PID/fd, /proc/PID/root) are refused always. The answer is a pinned descriptor.
/// Owns its descriptor. Safe to use from several threads at once.
/// </remarks>
internal sealed unsafe class Root : IDisposable
{
    /// <summary>PATH_MAX: longer paths are ENAMETOOLONG.</summary>
    public const int MaxPathBytes = 4095;

    /// <summary>Somebody renames inside this tree without end; each attempt costs microseconds.</summary>
    private const int MaxAttempts = 100_000;

    private const ulong NoMagicLinks = 0x02;
    private const uint ModeBits = 0xFFF;

    private Root(Fd directory) => Fd = directory;

    /// <summary>The directory itself, for operations on names directly in it. Lent.</summary>
    public Fd Fd { get; }

    /// <summary>Opens a directory of the host, whose path is trusted.</summary>
    public static Root Open(string hostPath) =>
        new(HostPath.Open(hostPath, OpenFlags.Path | OpenFlags.Directory));

    /// <summary>Takes over an open directory (O_PATH is enough).</summary>
    public static Root From(Fd directory) => new(directory);

    /// <summary>Opens what the path leads to; with <see cref="OpenFlags.Create"/> the last component is made.</summary>
    /// <param name="path">any bytes but NUL; a leading slash is this directory; empty is EINVAL</param>
    /// <param name="flags">NoFollow concerns the last component only</param>
    /// <param name="mode">how to walk; the default is as after chroot</param>
    /// <param name="createMode">permission bits for Create and TemporaryFile</param>
    public Fd Resolve(
        ReadOnlySpan<byte> path, OpenFlags flags, ResolveMode mode = ResolveMode.InRoot, uint createMode = 0)
    {
        Errno errno = Walk(path, flags, mode, createMode, out Fd? file);
        return file ?? throw new LinuxException(errno, "open", CString.Show(path));
    }

    /// <summary>As <see cref="Resolve"/>; null when a component is not there or is no directory (ENOENT, ENOTDIR).</summary>
    public Fd? TryResolve(
        ReadOnlySpan<byte> path, OpenFlags flags, ResolveMode mode = ResolveMode.InRoot, uint createMode = 0)
    {
        Errno errno = Walk(path, flags, mode, createMode, out Fd? file);
        return errno is Errno.None or Errno.ENOENT or Errno.ENOTDIR
            ? file
            : throw new LinuxException(errno, "open", CString.Show(path));
    }

    /// <summary>The content of a regular file; null when there is none by that path.</summary>
    /// <remarks>Nothing else is ever opened for it: a fifo or device in an image could block us or act (EINVAL), a
    /// directory is EISDIR, a file of more than <paramref name="maxBytes"/> EFBIG.</remarks>
    public byte[]? TryReadAll(ReadOnlySpan<byte> path, int maxBytes)
    {
        using Fd? handle = TryResolve(path, OpenFlags.Path);
        using Fd? file = handle?.Reopen(OpenFlags.ReadOnly | OpenFlags.NonBlocking);
        return file?.ReadAll(maxBytes);
    }

    /// <summary>Pins the directory that holds the last component; for what is then done to that name.</summary>
    /// <param name="path">its last component must be a name, not <c>.</c> or <c>..</c> (EINVAL)</param>
    /// <param name="name">the last component, a part of <paramref name="path"/>; nothing is known about it</param>
    /// <param name="mode">how to walk the part before the name</param>
    public Fd ResolveParent(
        ReadOnlySpan<byte> path, out ReadOnlySpan<byte> name, ResolveMode mode = ResolveMode.InRoot)
    {
        ReadOnlySpan<byte> parent = SplitLast(path, out name);
        return Resolve(parent.IsEmpty ? "."u8 : parent, OpenFlags.Path | OpenFlags.Directory, mode);
    }

    /// <summary>As mkdir -p: makes what is missing, with <paramref name="mode"/>, and pins the last directory (O_PATH).</summary>
    /// <remarks>Existing symbolic links are followed inside this root; a dangling one is ENOENT. <c>..</c> behind a
    /// missing component is EINVAL. New directories belong to <paramref name="uid"/> and <paramref name="gid"/>.</remarks>
    public Fd MakeDirectories(ReadOnlySpan<byte> path, uint mode, uint uid = 0, uint gid = 0)
    {
        const OpenFlags Flags = OpenFlags.Path | OpenFlags.Directory;
        int existing = path.Length;
        Fd? current;
        while ((current = TryResolve(existing == 0 ? "."u8 : path[..existing], Flags)) is null)
        {
            if (existing == 0)
            {
                throw new LinuxException(Errno.ENOENT, "open", CString.Show(path));
            }

            existing = ParentLength(path[..existing]);
        }

        foreach (Range part in path[existing..].Split((byte)'/'))
        {
            ReadOnlySpan<byte> name = path[existing..][part];
            if (name.IsEmpty || name.SequenceEqual("."u8))
            {
                continue;
            }

            using Fd parent = current;
            current = MakeOne(parent, name, mode, (uid, gid));
        }

        return current;
    }

    public void Dispose() => Fd.Dispose();

    private static Fd MakeOne(Fd parent, ReadOnlySpan<byte> name, uint mode, (uint Uid, uint Gid) owner)
    {
        bool made = parent.TryMakeDirectory(name, mode);
        Fd directory = parent.Open(name, OpenFlags.Path | OpenFlags.Directory);
        if (made)
        {
            directory.SetOwner(owner.Uid, owner.Gid);
            directory.SetMode(mode);
        }

        return directory;
    }

    private Errno Walk(ReadOnlySpan<byte> path, OpenFlags flags, ResolveMode mode, uint createMode, out Fd? file)
    {
        file = null;
        if (path.IsEmpty || path.Length > MaxPathBytes)
        {
            return path.IsEmpty ? Errno.EINVAL : Errno.ENAMETOOLONG;
        }

        bool creates = (flags & (OpenFlags.Create | OpenFlags.TemporaryFile)) is not (0 or OpenFlags.Directory);
        bool beneath = (mode & ResolveMode.Beneath) != 0;
        Libc.open_how how = new()
        {
            flags = (ulong)flags.ToNative(),
            mode = creates ? createMode & ModeBits : 0,
            resolve = (ulong)(beneath ? mode : mode | ResolveMode.InRoot) | NoMagicLinks,
        };
        CString text = new(path);
        fixed (byte* p = text)
        {
            return Walk(p, &how, out file);
        }
    }

    private Errno Walk(byte* path, Libc.open_how* how, out Fd? file)
    {
        // EAGAIN: something was renamed while the kernel stood on "..", so it cannot vouch for the answer
        for (int attempt = 0; ; attempt++)
        {
            nint fd = Libc.syscall(
                SystemCall.openat2, Fd.Raw, (nint)path, (nint)how, sizeof(Libc.open_how), 0, 0);
            if (fd >= 0)
            {
                file = new Fd((int)fd);
                return Errno.None;
            }

            Errno errno = Libc.LastErrno;
            if (errno is not (Errno.EAGAIN or Errno.EINTR) || attempt == MaxAttempts)
            {
                file = null;
                return errno;
            }
        }
    }

    private static ReadOnlySpan<byte> SplitLast(ReadOnlySpan<byte> path, out ReadOnlySpan<byte> name)
    {
        ReadOnlySpan<byte> trimmed = path.TrimEnd((byte)'/');
        int slash = trimmed.LastIndexOf((byte)'/');
        name = trimmed[(slash + 1)..];
        return FileName.IsValid(name)
            ? path[..(slash + 1)]
            : throw new LinuxException(Errno.EINVAL, "resolve", $"'{CString.Show(path)}'");
    }

    private static int ParentLength(ReadOnlySpan<byte> path)
    {
        ReadOnlySpan<byte> trimmed = path.TrimEnd((byte)'/');
        return trimmed.LastIndexOf((byte)'/') + 1;
    }
}
