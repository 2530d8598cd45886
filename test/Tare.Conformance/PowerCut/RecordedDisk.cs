// SPDX-License-Identifier: Apache-2.0
namespace Tare.Conformance.PowerCut;

/// <summary>A journaled file system on a disk whose writes and flushes are recorded.</summary>
internal sealed class RecordedDisk : IDisposable
{
    private readonly FuseFile _file;

    /// <param name="folder">scratch, of the caller's</param>
    /// <param name="bytes">size of the disk</param>
    public RecordedDisk(string folder, int bytes)
    {
        string made = Path.Combine(folder, "made");
        using (FileStream file = File.Create(made))
        {
            file.SetLength(bytes);
        }

        // nothing is initialized later by the kernel: the stream shall be the program's
        HostCommand.Succeed("mkfs.ext4", "-q", "-b", "4096", "-E", "lazy_itable_init=0,lazy_journal_init=0,nodiscard", made);
        byte[] content = File.ReadAllBytes(made);
        File.Delete(made);
        Log = new BlockLog((byte[])content.Clone());
        _file = new FuseFile(Directory.CreateDirectory(Path.Combine(folder, "fuse")).FullName, content, Log.Add);
        Mounted = Directory.CreateDirectory(Path.Combine(folder, "disk")).FullName;

        // a rename flushes nothing by itself, as on most file systems
        HostCommand.Succeed("mount", "-o", "loop,noauto_da_alloc", _file.Path, Mounted);
    }

    public BlockLog Log { get; }

    public string Mounted { get; }

    public void Dispose()
    {
        HostCommand.Unmount(Mounted);
        _file.Dispose();
    }
}
