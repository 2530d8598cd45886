// SPDX-License-Identifier: Apache-2.0
using System.Buffers.Text;
using Tare.Linux.Interop;

namespace Tare.Linux.Cgroups;

/// <summary>The processes in a cgroup directory and those below it, by cgroup.procs.</summary>
internal static class CgroupProcesses
{
    private const int MaxDepth = 32;

    /// <summary>Room for the numbers of 4 million processes, the most that Linux has.</summary>
    private const int MaxBytes = 32 << 20;

    internal static bool Any(string path)
    {
        bool found = false;
        Visit(path, 0, (_, _) => found = true);
        return found;
    }

    internal static List<int> List(string path)
    {
        List<int> found = [];
        Visit(path, 0, (_, process) => found.Add(process));
        return found;
    }

    /// <summary>The directory, this one or one below, whose process it is; null: of none.</summary>
    internal static string? Find(string path, int process)
    {
        List<string> found = [];
        Visit(path, 0, (directory, pid) =>
        {
            if (pid == process)
            {
                found.Add(directory);
            }
        });
        return found.Count > 0 ? found[0] : null;
    }

    internal static void Signal(string path, int signal) =>
        Visit(path, 0, (_, process) => Libc.syscall(SystemCall.kill, process, signal, 0, 0, 0, 0));

    private static void Visit(string path, int depth, Action<string, int> visit)
    {
        ReadOnlySpan<byte> text = CgroupFile.TryRead($"{path}/cgroup.procs", MaxBytes);
        foreach (Range range in text.Split((byte)'\n'))
        {
            // 0 is a process of another pid namespace, and to kill(2) it would be our own group
            if (Utf8Parser.TryParse(text[range], out int process, out _) && process > 0)
            {
                visit(path, process);
            }
        }

        if (depth < MaxDepth)
        {
            foreach (string child in CgroupDirectory.Children(path))
            {
                Visit(child, depth + 1, visit);
            }
        }
    }
}
