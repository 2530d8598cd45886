// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using System.Text;

namespace Tare.Linux.Files;

/// <summary>The flock(2) locks that processes hold at one moment; looking at them disturbs nobody.</summary>
/// <remarks>
/// man proc_locks(5). A subvolume of btrfs has a device of its own in stat(2), but not there: on btrfs the inode alone is
/// compared.
/// </remarks>
internal sealed class HeldLocks
{
    /// <summary>Room for some hundred thousand locks.</summary>
    private const int MaxBytes = 32 << 20;

    private const int TypeField = 1;
    private const int FileField = 5;

    private readonly HashSet<(DeviceNumber Device, ulong Inode)> _held;

    private HeldLocks(HashSet<(DeviceNumber Device, ulong Inode)> held) => _held = held;

    public static HeldLocks Read() => Parse(HostPath.ReadAll("/proc/locks", MaxBytes));

    /// <summary>Lines that are not about flock, or wait for a lock, are passed over.</summary>
    internal static HeldLocks Parse(ReadOnlySpan<byte> text)
    {
        HashSet<(DeviceNumber Device, ulong Inode)> held = [];
        foreach (Range range in text.Split((byte)'\n'))
        {
            string[] fields = Encoding.ASCII.GetString(text[range]).Split(' ', StringSplitOptions.RemoveEmptyEntries);
            if (fields.Length > FileField && fields[TypeField] == "FLOCK" && TryParseFile(fields[FileField], out var file))
            {
                held.Add(file);
            }
        }

        return new(held);
    }

    /// <summary>True while somebody holds a lock on this name in a directory; false when there is no such name.</summary>
    public bool IsHeld(Fd directory, ReadOnlySpan<byte> name)
    {
        if (directory.TryStatus(name) is not { } status)
        {
            return false;
        }

        return _held.Contains((status.FileSystem, status.Inode))
            || (directory.FileSystem().Type == FileSystemStatus.Btrfs && _held.Any(file => file.Inode == status.Inode));
    }

    /// <summary><c>fe:00:974891</c>: major and minor in hex, inode in decimal.</summary>
    private static bool TryParseFile(string text, out (DeviceNumber Device, ulong Inode) file)
    {
        file = default;
        string[] parts = text.Split(':');
        if (parts.Length != 3
            || !uint.TryParse(parts[0], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out uint major)
            || !uint.TryParse(parts[1], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out uint minor)
            || !ulong.TryParse(parts[2], NumberStyles.None, CultureInfo.InvariantCulture, out ulong inode))
        {
            return false;
        }

        file = (new(major, minor), inode);
        return true;
    }
}
