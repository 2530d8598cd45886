// SPDX-License-Identifier: Apache-2.0
using Tare.Linux.Files;

namespace Tare.Linux.Tests.Files;

public sealed class TreeCopyTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("tare-copy-").FullName;

    [Fact]
    [Trait("ring", "kernel")]
    public void A_copy_keeps_owners_modes_times_links_and_holes()
    {
        using Fd from = HostPath.MakeDirectories($"{_folder}/from", 0b111_101_000);
        using Fd to = HostPath.MakeDirectories($"{_folder}/to", 0b111_000_000);
        using (Fd file = from.Open("file"u8, OpenFlags.ReadWrite | OpenFlags.Create, 0b110_000_000))
        {
            file.SetLength(1 << 20);
            file.WriteAt("end"u8, (1 << 20) - 3);
            file.SetOwner(33, 44);
            file.SetMode(0b100_111_101_101);
            file.SetXattr("user.note"u8, "kept"u8);
            file.SetTimes(new FileTime(1, 2), new FileTime(3, 4));
        }

        from.MakeHardLink("second"u8, from, "file"u8);
        from.MakeSymlink("link"u8, "../outside"u8);
        from.MakeNode("fifo"u8, FileKind.Fifo, 0b110_000_000);

        TreeCopy.Run(from, to);

        FileStatus status = to.Status("file"u8);
        Assert.Equal((33u, 44u, 0b100_111_101_101u, 2u), (status.Uid, status.Gid, status.Mode, status.Links));
        Assert.Equal(new FileTime(3, 4), status.ModifyTime);
        Assert.True(status.SameFile(to.Status("second"u8)));
        Assert.True(status.Blocks * 512 < 1 << 20);
        Assert.Equal("../outside"u8.ToArray(), to.ReadLink("link"u8));
        Assert.Equal(FileKind.Fifo, to.Status("fifo"u8).Kind);
        using Fd copied = to.Open("file"u8, OpenFlags.ReadOnly);
        Assert.Equal("kept"u8.ToArray(), copied.GetXattr("user.note"u8));
        Assert.Equal(from.Status().Mode, to.Status().Mode);
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);
}
