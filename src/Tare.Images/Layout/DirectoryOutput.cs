// SPDX-License-Identifier: Apache-2.0
using System.Text;
using Tare.Linux;
using Tare.Linux.Files;

namespace Tare.Images.Layout;

/// <summary>A layout in a directory: each file appears whole; <see cref="Finish"/> makes all of it durable.</summary>
internal sealed class DirectoryOutput(Root directory) : ILayoutOutput
{
    private const uint FolderMode = 0b111_101_101;
    private const uint FileMode = 0b110_100_100;

    /// <summary>Digests never change their bytes; index and marks do.</summary>
    public bool Has(string name) =>
        name.StartsWith("blobs/", StringComparison.Ordinal) && IsThere(Encoding.UTF8.GetBytes(name));

    public void Write(string name, long size, Stream bytes)
    {
        int slash = name.LastIndexOf('/');
        using Fd folder = directory.MakeDirectories(Encoding.UTF8.GetBytes(slash < 0 ? "." : name[..slash]), FolderMode);
        byte[] temporary = AtomicFile.TemporaryName();
        try
        {
            using (Fd file = folder.Open(temporary, OpenFlags.WriteOnly | OpenFlags.Create | OpenFlags.Exclusive, FileMode))
            {
                using var to = new FdStream(file, leaveOpen: true);
                bytes.CopyTo(to);
                file.Sync();
            }
            folder.Rename(temporary, folder, Encoding.UTF8.GetBytes(name[(slash + 1)..]));
        }
        catch
        {
            folder.TryUnlink(temporary);
            throw;
        }
    }

    public void Finish()
    {
        using Fd folder = directory.Fd.Reopen(OpenFlags.ReadOnly | OpenFlags.Directory);
        folder.SyncFileSystem();
    }

    public void Dispose() => directory.Dispose();

    private bool IsThere(byte[] name)
    {
        using Fd? place = directory.TryResolve(name, OpenFlags.Path | OpenFlags.NoFollow, ResolveMode.Beneath);
        return place?.Status().IsRegular == true;
    }
}
