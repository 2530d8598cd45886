// SPDX-License-Identifier: Apache-2.0
using static Tare.Linux.Processes.ProgramConstants;

namespace Tare.Runtime.Planning;

/// <summary>A device node inside the container.</summary>
/// <param name="Path">clean path inside the container</param>
/// <param name="Type">S_IFCHR, S_IFBLK or S_IFIFO</param>
/// <param name="Major">0 for a fifo</param>
/// <param name="Minor">0 for a fifo</param>
/// <param name="Mode">permission bits</param>
/// <param name="Uid">owner inside the container</param>
/// <param name="Gid">group inside the container</param>
internal sealed record DeviceNode(string Path, uint Type, uint Major, uint Minor, uint Mode, uint Uid, uint Gid)
{
    /// <summary>Permissions of a device for which none are named.</summary>
    public const uint DefaultMode = 0x1b6; // 0666

    /// <summary>Bounds of a device number in the kernel: 12 bits, 20 bits.</summary>
    public const uint MaxMajor = 0xfff, MaxMinor = 0xfffff;

    /// <summary>The devices that every container has.</summary>
    /// <remarks>runtime-spec v1.3 config-linux.md#default-devices</remarks>
    public static IReadOnlyList<DeviceNode> Defaults { get; } =
    [
        Character("/dev/null", 1, 3),
        Character("/dev/zero", 1, 5),
        Character("/dev/full", 1, 7),
        Character("/dev/random", 1, 8),
        Character("/dev/urandom", 1, 9),
        Character("/dev/tty", 5, 0),
    ];

    /// <summary>dev_t as mknodat(2) takes it.</summary>
    public static long Number(uint major, uint minor) =>
        (minor & 0xff) | (major << 8) | ((minor & ~0xffu) << 12);

    /// <summary>As <c>ls -l</c> would tell it: <c>c 1:3 0666</c>.</summary>
    public string Describe()
    {
        char type = Type switch { S_IFBLK => 'b', S_IFIFO => 'p', _ => 'c' };
        string owner = (Uid | Gid) == 0 ? "" : $" {Uid}:{Gid}";
        return $"{type} {Major}:{Minor} {Convert.ToString(Mode, 8).PadLeft(4, '0')}{owner}";
    }

    private static DeviceNode Character(string path, uint major, uint minor) =>
        new(path, S_IFCHR, major, minor, DefaultMode, 0, 0);
}
