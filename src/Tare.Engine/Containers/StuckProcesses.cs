// SPDX-License-Identifier: Apache-2.0
using Tare.Linux.Cgroups;
using Tare.Linux.Processes;

namespace Tare.Engine.Containers;

/// <summary>Names what keeps a killed container from ending.</summary>
internal static class StuckProcesses
{
    private const int MaxNamed = 5;

    /// <summary>One line: the processes that are stuck in the kernel, else those that are left.</summary>
    public static string Describe(Cgroup cgroup)
    {
        List<(int Pid, ProcessStatus Status)> left = [];
        foreach (int pid in cgroup.Processes())
        {
            if (ProcessStatus.TryRead(pid) is { IsDead: false } status)
            {
                left.Add((pid, status));
            }
        }

        List<(int Pid, ProcessStatus Status)> stuck = left.FindAll(process => process.Status.IsStuck);
        (int Pid, ProcessStatus Status)[] named = [.. (stuck.Count > 0 ? stuck : left).Take(MaxNamed)];
        string names = string.Join(", ", named.Select(process => $"{process.Pid} ({process.Status.Name})"));
        return stuck.Count > 0
            ? $"cannot be killed now: process {names} is stuck in the kernel (state D), waiting for a disk or a file system"
            : named.Length > 0
                ? $"was killed and does not end: process {names} is left"
                : "was killed and does not end";
    }
}
