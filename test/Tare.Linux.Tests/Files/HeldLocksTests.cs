// SPDX-License-Identifier: Apache-2.0
using Tare.Linux.Files;

namespace Tare.Linux.Tests.Files;

public class HeldLocksTests
{
    [Fact]
    public void A_lock_is_seen_while_it_is_held_and_looking_takes_nothing()
    {
        using Scratch scratch = new();
        using (FileLock held = FileLock.Take(scratch.Fd, "a"u8))
        {
            using FileLock other = FileLock.Take(scratch.Fd, "b"u8, shared: true);
            var locks = HeldLocks.Read();

            Assert.True(locks.IsHeld(scratch.Fd, "a"u8));
            Assert.True(locks.IsHeld(scratch.Fd, "b"u8));
            Assert.False(locks.IsHeld(scratch.Fd, "none"u8));
        }

        Assert.False(HeldLocks.Read().IsHeld(scratch.Fd, "a"u8));
        using FileLock? again = FileLock.TryTake(scratch.Fd, "a"u8);
        Assert.NotNull(again);
    }

    [Fact]
    public void Who_waits_holds_nothing()
    {
        using Scratch scratch = new();
        using Fd file = scratch.Fd.Open("a"u8, OpenFlags.ReadWrite | OpenFlags.Create, 0b110_000_000);
        FileStatus status = file.Status();
        string name = $"{status.FileSystem.Major:x2}:{status.FileSystem.Minor:x2}:{status.Inode}";

        Assert.False(IsHeld($"1: -> FLOCK  ADVISORY  WRITE 1 {name} 0 EOF\n"));
        Assert.False(IsHeld($"1: POSIX  ADVISORY  WRITE 1 {name} 0 EOF\n"));
        Assert.False(IsHeld($"1: FLOCK  ADVISORY  WRITE 1 {name}0 0 EOF\n"));
        Assert.False(IsHeld("1: FLOCK\n\n1: FLOCK ADVISORY WRITE 1 zz:00:1 0 EOF\n1: FLOCK ADVISORY WRITE 1 0:1 0 EOF"));
        Assert.True(IsHeld($"7: FLOCK  ADVISORY  READ 1 {name} 0 EOF\n"));

        bool IsHeld(string text) => HeldLocks.Parse(System.Text.Encoding.ASCII.GetBytes(text)).IsHeld(scratch.Fd, "a"u8);
    }
}
