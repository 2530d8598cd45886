// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using System.Text;
using Tare.Linux;
using Tare.Linux.Files;
using Tare.Oci;

namespace Tare.Build.Solve;

/// <summary>What the kernel runs programs of other machines with: binfmt_misc.</summary>
/// <remarks>Documentation/admin-guide/binfmt-misc.rst. A container finds only an interpreter that was opened when it was
/// registered: flag F.</remarks>
/// <param name="folder">where the kernel shows what is registered</param>
internal sealed class Emulators(string folder)
{
    private const int MaxBytes = 4096;
    private const int MaxEntries = 1024;

    /// <summary>Where ELF has the class, the byte order and the machine, in bytes (elf(5)).</summary>
    private const int ClassAt = 4;
    private const int OrderAt = 5;
    private const int MachineAt = 18;

    public static Emulators OfHost { get; } = new("/proc/sys/fs/binfmt_misc");

    /// <exception cref="TareException">FailedPrecondition: nothing here runs programs of this platform</exception>
    public void Require(Platform platform)
    {
        if (WhyNot(platform) is { } failure)
        {
            throw failure;
        }
    }

    /// <summary>Null when programs of this platform run here.</summary>
    public TareException? WhyNot(Platform platform)
    {
        (int Machine, bool Is64, bool IsBig)? wanted = MachineOf(platform);
        return platform.Os == "linux" && wanted is { } machine && Registered().Contains(machine) ? null : new TareException(
            ErrorKind.FailedPrecondition,
            $"RUN for {platform}: this host runs {Images.Hardware.Host}, and no emulator for {platform.Architecture} is registered",
            wanted is null
                ? "build it on such a machine; steps without RUN can be built here"
                : "register one with binfmt_misc, such as Debian's qemu-user-binfmt (qemu-user-static), or use "
                    + "FROM --platform=$BUILDPLATFORM for stages that compile for other platforms");
    }

    private HashSet<(int Machine, bool Is64, bool IsBig)> Registered()
    {
        HashSet<(int, bool, bool)> found = [];
        using Fd? entries = HostPath.TryOpen(folder, OpenFlags.ReadOnly | OpenFlags.Directory);
        foreach (byte[] name in (entries?.SortedNames(MaxEntries) ?? []).Where(static name => !name.AsSpan().SequenceEqual("register"u8)))
        {
            if (HostPath.TryReadAll($"{folder}/{Encoding.UTF8.GetString(name)}", MaxBytes) is { } bytes && MachineOf(Encoding.UTF8.GetString(bytes)) is { } machine)
            {
                found.Add(machine);
            }
        }

        return found;
    }

    /// <summary>The machine of an entry that is enabled and stays reachable in containers.</summary>
    private static (int Machine, bool Is64, bool IsBig)? MachineOf(string entry)
    {
        string[] lines = entry.Split('\n');
        string flags = ValueOf(lines, "flags:") ?? "";
        string magic = ValueOf(lines, "magic ") ?? "";
        if (lines[0] != "enabled" || !flags.Contains('F', StringComparison.Ordinal) || ValueOf(lines, "offset ") is not "0")
        {
            return null;
        }

        int[] bytes = [.. magic.Chunk(2).Select(static pair => int.TryParse(pair, NumberStyles.HexNumber, CultureInfo.InvariantCulture, out int one) ? one : -1)];
        if (bytes.Length <= MachineAt + 1 || bytes[0] != 0x7F || bytes[1] != 'E' || bytes[2] != 'L' || bytes[3] != 'F')
        {
            return null;
        }

        bool isBig = bytes[OrderAt] == 2;
        int machine = isBig ? (bytes[MachineAt] << 8) | bytes[MachineAt + 1] : bytes[MachineAt] | (bytes[MachineAt + 1] << 8);
        return (machine, bytes[ClassAt] == 2, isBig);
    }

    private static string? ValueOf(string[] lines, string key) =>
        Array.Find(lines, line => line.StartsWith(key, StringComparison.Ordinal))?[key.Length..].Trim();

    /// <summary>elf(5), e_machine.</summary>
    private static (int Machine, bool Is64, bool IsBig)? MachineOf(Platform platform) => platform.Architecture switch
    {
        "386" => (3, false, false),
        "amd64" => (62, true, false),
        "arm" => (40, false, false),
        "arm64" => (183, true, false),
        "loong64" => (258, true, false),
        "mips64le" => (8, true, false),
        "ppc64le" => (21, true, false),
        "riscv64" => (243, true, false),
        "s390x" => (22, true, true),
        _ => null,
    };
}
