// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using Tare.Linux.Files;

namespace Tare.Linux.Cgroups;

/// <summary>Files that hold limits: one that this kernel has not is told as a limit that it cannot give.</summary>
internal static class LimitFile
{
    internal const long Unlimited = -1;

    /// <summary>Nothing for null; −1 is written as <paramref name="whenUnlimited"/>.</summary>
    internal static void Write(string directory, string file, long? value, string whenUnlimited = "-1")
    {
        if (value is { } number)
        {
            Write(
                directory, file, number == Unlimited ? whenUnlimited : number.ToString(CultureInfo.InvariantCulture));
        }
    }

    /// <summary>Nothing for null and for the empty text.</summary>
    /// <exception cref="LinuxException">EOPNOTSUPP: the kernel has no such file; else what it says of the value</exception>
    internal static void Write(string directory, string file, string? value)
    {
        if (string.IsNullOrEmpty(value))
        {
            return;
        }

        using Fd knob = HostPath.TryOpen($"{directory}/{file}", OpenFlags.WriteOnly)
            ?? throw new LinuxException(Errno.EOPNOTSUPP, "cgroup", $"no {file} on this machine");
        CgroupFile.Write(knob, $"{directory}/{file}", value);
    }

    /// <summary>As <see cref="Write(string, string, string)"/>; false when the value does not fit others yet (EINVAL).</summary>
    internal static bool TryWrite(string directory, string file, string value)
    {
        try
        {
            Write(directory, file, value);
            return true;
        }
        catch (LinuxException e) when (e.Errno == Errno.EINVAL)
        {
            return false;
        }
    }

    /// <summary>As written in decimal, or null.</summary>
    internal static string? Text(ulong? value) => value?.ToString(CultureInfo.InvariantCulture);

    internal static bool Exists(string directory, string file) => HostPath.TryStatus($"{directory}/{file}") is not null;

    /// <summary>Of a limit that one version of cgroups never had.</summary>
    internal static LinuxException OnlyV1(string what) =>
        new(Errno.EOPNOTSUPP, "cgroup", $"{what}, which only version 1 has");
}
