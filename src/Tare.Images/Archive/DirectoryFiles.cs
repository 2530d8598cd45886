// SPDX-License-Identifier: Apache-2.0
using System.Text;
using Tare.Linux;
using Tare.Linux.Files;

namespace Tare.Images.Archive;

/// <summary>The regular files of a directory, which may hold anything: no symbolic link is followed.</summary>
internal sealed class DirectoryFiles(Root directory) : IArchiveFiles
{
    private const ResolveMode Mode = ResolveMode.Beneath | ResolveMode.NoSymlinks | ResolveMode.NoMounts;

    public Stream? TryOpen(string name)
    {
        Fd? file = OpenRegular(name);
        return file is null ? null : new FdStream(file);
    }

    public long? TrySize(string name)
    {
        using Fd? file = OpenRegular(name);
        return file?.Status().Size;
    }

    public void Dispose() => directory.Dispose();

    /// <summary>By an O_PATH handle first: opening a fifo would wait, opening a device act.</summary>
    private Fd? OpenRegular(string name)
    {
        using Fd? place = directory.TryResolve(Encoding.UTF8.GetBytes(name), OpenFlags.Path | OpenFlags.NoFollow, Mode);
        return place?.Status().IsRegular == true ? place.Reopen(OpenFlags.ReadOnly) : null;
    }
}
