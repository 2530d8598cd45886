// SPDX-License-Identifier: Apache-2.0
using System.Buffers.Text;
using System.Globalization;
using System.Text;
using Tare.Linux.Files;

namespace Tare.Linux.Processes;

/// <summary>What /proc tells about processes; each answer is null when the process is gone.</summary>
/// <remarks>
/// man proc(5). Only files that the kernel fills without the memory lock of the process are read, so that one stuck in
/// the kernel (state D) cannot hold us; <see cref="TryCommandLine"/> is the exception.
/// </remarks>
internal static class ProcessTable
{
    private const int MaxNameBytes = 64;
    private const int MaxStatBytes = 4096;

    /// <summary>Numbers of all processes that this pid namespace shows.</summary>
    public static List<int> All() => Numbers("/proc") ?? [];

    /// <summary>Numbers of the threads of a process, its own among them.</summary>
    public static List<int>? TryThreads(int process) => Numbers(Invariant($"/proc/{process}/task"));

    /// <summary>This process and this thread, as this pid namespace numbers them.</summary>
    public static (int Process, int Thread) Self()
    {
        // "PID/task/TID"
        using Fd proc = HostPath.OpenDirectory("/proc");
        string[] parts = Encoding.ASCII.GetString(proc.ReadLink("thread-self"u8)).Split('/');
        return (int.Parse(parts[0], CultureInfo.InvariantCulture), int.Parse(parts[^1], CultureInfo.InvariantCulture));
    }

    /// <summary>The name of a process: at most 15 bytes, chosen by itself.</summary>
    public static string? TryName(int process) =>
        TryRead(Invariant($"/proc/{process}/comm"), MaxNameBytes) is { } bytes
            ? Encoding.UTF8.GetString(bytes).TrimEnd('\n')
            : null;

    /// <summary>Which namespace a thread is in, as the inode that names it.</summary>
    /// <param name="process">of this pid namespace</param>
    /// <param name="thread">one of its threads</param>
    /// <param name="kind"><c>mnt</c>, <c>net</c> …</param>
    public static ulong? TryNamespace(int process, int thread, string kind)
    {
        try
        {
            return HostPath.TryStatus(Invariant($"/proc/{process}/task/{thread}/ns/{kind}"))?.Inode;
        }
        catch (LinuxException)
        {
            // ending, or not ours to look at
            return null;
        }
    }

    /// <summary>The parent, and the start in clock ticks since the boot, which together with the number is unique.</summary>
    public static (int Parent, ulong Started)? TryBirth(int process)
    {
        const int ParentField = 1;
        const int StartField = 19;
        if (TryRead(Invariant($"/proc/{process}/stat"), MaxStatBytes) is not { } bytes)
        {
            return null;
        }

        // the name, in parentheses, may hold anything, also ") R 1"; what follows its last one is plain
        string text = Encoding.UTF8.GetString(bytes);
        string[] fields = text[(text.LastIndexOf(')') + 1)..].Split(' ', StringSplitOptions.RemoveEmptyEntries);
        return fields.Length > StartField
            && int.TryParse(fields[ParentField], NumberStyles.None, CultureInfo.InvariantCulture, out int parent)
            && ulong.TryParse(fields[StartField], NumberStyles.None, CultureInfo.InvariantCulture, out ulong started)
                ? (parent, started)
                : null;
    }

    /// <summary>The arguments; waits while somebody holds the process's memory lock: only for processes known to be ours.</summary>
    public static string[]? TryCommandLine(int process, int maxBytes) =>
        TryRead(Invariant($"/proc/{process}/cmdline"), maxBytes) is { } bytes
            ? Encoding.UTF8.GetString(bytes).TrimEnd('\0').Split('\0')
            : null;

    private static string Invariant(FormattableString text) => FormattableString.Invariant(text);

    private static List<int>? Numbers(string path)
    {
        try
        {
            using Fd? folder = HostPath.TryOpen(path, OpenFlags.ReadOnly | OpenFlags.Directory);
            return folder is null ? null : Numbers(folder);
        }
        catch (LinuxException)
        {
            return null;
        }
    }

    private static List<int> Numbers(Fd folder)
    {
        List<int> numbers = [];
        foreach (Entry entry in folder.Entries())
        {
            if (Utf8Parser.TryParse(entry.Name, out int number, out int used) && used == entry.Name.Length)
            {
                numbers.Add(number);
            }
        }

        return numbers;
    }

    private static byte[]? TryRead(string path, int maxBytes)
    {
        try
        {
            return HostPath.TryReadAll(path, maxBytes);
        }
        catch (LinuxException)
        {
            // ESRCH: it ended between open and read
            return null;
        }
    }
}
