// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using System.Text;
using Tare.Engine.Containers;
using Tare.Keeper.Log;
using Tare.Linux;
using Tare.Linux.Compression;
using Tare.Linux.Files;

namespace Tare.Engine.Logs;

/// <summary>Packs the rotated files of a container's log, as its keeper asks for.</summary>
/// <remarks>
/// Names change with the lock of the folder, which keepers take when they rotate, and for no longer than a few calls. What
/// was killed leaves a file under both names at worst, and the next one packs it again.
/// </remarks>
internal static class LogPacker
{
    private const uint FileMode = 0b110_100_000;

    /// <summary>Packs until nothing is left to pack; a container that is gone has nothing.</summary>
    /// <exception cref="LinuxException">the disk is full or broken: the files stay as they are</exception>
    public static void Pack(TareEngine engine, ContainerId id)
    {
        using Fd? folder = engine.Folders.Containers.TryOpen(
            Encoding.ASCII.GetBytes(id.Text), OpenFlags.ReadOnly | OpenFlags.Directory);
        if (folder is not null)
        {
            Pack(folder, KeeperOrders.LogName(id));
        }
    }

    /// <param name="folder">lent</param>
    /// <param name="name">of the file that is written</param>
    internal static void Pack(Fd folder, string name)
    {
        while (TryOpenOldest(folder, name) is { } file)
        {
            using (file)
            {
                using Fd packed = folder.OpenTemporary(FileMode);
                Write(file, packed);
                Replace(folder, name, file, packed);
            }
        }
    }

    private static Fd? TryOpenOldest(Fd folder, string name)
    {
        for (int number = Last(folder, name); number > 0; number--)
        {
            if (folder.TryOpen(Name(name, number), OpenFlags.ReadOnly | OpenFlags.NonBlocking) is { } file)
            {
                return file;
            }
        }

        return null;
    }

    private static void Write(Fd file, Fd packed)
    {
        using var sink = new FdStream(packed, leaveOpen: true);
        sink.Write(LogOrigin.Of(file.Status()).ToMember());
        using var pack = new GzipWriter(sink, leaveOpen: true);
        using var source = new FdStream(file, leaveOpen: true);
        source.CopyTo(pack);
        pack.Finish();
    }

    /// <summary>It may have been rotated on meanwhile, or out.</summary>
    private static void Replace(Fd folder, string name, Fd file, Fd packed)
    {
        using FileLock alone = FileLock.Take(folder);
        FileStatus status = file.Status();
        for (int number = Last(folder, name); number > 0; number--)
        {
            byte[] plain = Name(name, number);
            if (folder.TryStatus(plain) is { } named && named.SameFile(status))
            {
                byte[] packedName = [.. plain, .. LogNames.PackedSuffix];
                folder.TryUnlink(packedName);
                folder.LinkFile(packedName, packed);
                folder.Unlink(plain);
            }
        }
    }

    /// <summary>The highest number of a rotated file, packed or not.</summary>
    private static int Last(Fd folder, string name)
    {
        int number = 1;
        while (IsTaken(folder, Name(name, number)) || IsTaken(folder, Name(name, number + 1)))
        {
            number++;
        }

        return number;
    }

    private static bool IsTaken(Fd folder, byte[] plain) =>
        folder.TryStatus(plain) is not null || folder.TryStatus([.. plain, .. LogNames.PackedSuffix]) is not null;

    private static byte[] Name(string name, int number) =>
        Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{name}.{number}"));
}
