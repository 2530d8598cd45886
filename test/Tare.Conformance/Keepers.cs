// SPDX-License-Identifier: Apache-2.0
using System.Globalization;

namespace Tare.Conformance;

/// <summary>The keepers of containers, found as an administrator finds them.</summary>
internal static class Keepers
{
    /// <summary>Keeper of a running container: the parent of its first process. Of an adopted one nobody is: then by its socket.</summary>
    public static int Of(TareBinary tare, string name)
    {
        string[] ids = tare.Succeed("inspect", "-f", "{{.State.Pid}} {{.Id}}", name).Trim().Split(' ');
        int parent = int.Parse(Field(int.Parse(ids[0], CultureInfo.InvariantCulture), "PPid")!, CultureInfo.InvariantCulture);
        return IsKeeper(tare, parent) ? parent : Recorded(tare, ids[1]);
    }

    /// <summary>A field of /proc/PID/status; null: there is no such process.</summary>
    public static string? Field(int process, string name)
    {
        try
        {
            return File.ReadLines($"/proc/{process}/status")
                .First(line => line.StartsWith($"{name}:", StringComparison.Ordinal))[(name.Length + 1)..].Trim();
        }
        catch (IOException)
        {
            return null;
        }
    }

    /// <summary>All keepers of this store.</summary>
    public static int[] All(TareBinary tare) =>
    [
        .. Directory.EnumerateDirectories("/proc")
            .Where(folder => char.IsAsciiDigit(folder[^1]))
            .Select(folder => int.Parse(Path.GetFileName(folder), CultureInfo.InvariantCulture))
            .Where(process => IsKeeper(tare, process)),
    ];

    private static bool IsKeeper(TareBinary tare, int process)
    {
        try
        {
            return File.ReadAllText($"/proc/{process}/cmdline") == $"tare\0keeper\0{tare.RunFolder}\0";
        }
        catch (IOException)
        {
            return false;
        }
    }

    /// <summary>The pid in the state file, behind version and the container's own.</summary>
    private static int Recorded(TareBinary tare, string id) =>
        BitConverter.ToInt32(File.ReadAllBytes(Path.Combine(tare.RunFolder, "containers", id, "state")), 8);
}
