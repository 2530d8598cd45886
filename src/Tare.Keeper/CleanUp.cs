// SPDX-License-Identifier: Apache-2.0
using Tare.Linux;
using Tare.Linux.Cgroups;
using Tare.Linux.Processes;

namespace Tare.Keeper;

/// <summary>What a keeper removes when its container has ended or could not be started.</summary>
internal static class CleanUp
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    /// <summary>Kills what is left in the cgroups and removes them; what cannot go stays for the next command.</summary>
    public static void RemoveCgroups(IReadOnlyList<string> paths)
    {
        if (paths.Count == 0)
        {
            return;
        }

        var cgroup = new Cgroup(paths);
        if (!TryRemove(cgroup))
        {
            cgroup.Kill();
            cgroup.Remove(Patience);
        }
    }

    /// <summary>A refusal is no reason not to try once more: a container with <c>--rm</c> is gone for the next command.</summary>
    private static bool TryRemove(Cgroup cgroup)
    {
        try
        {
            return cgroup.Remove();
        }
        catch (LinuxException)
        {
            return false;
        }
    }

    /// <summary>True when the kernel killed something for its memory.</summary>
    public static bool WasOutOfMemory(IReadOnlyList<string> paths) =>
        paths.Count > 0 && new Cgroup(paths).OutOfMemoryKills() > 0;

    /// <summary>Starts our own program once more with these arguments; it outlives the keeper.</summary>
    public static void Delegate(IReadOnlyList<string> arguments)
    {
        using Spawned child = OwnProgram.Start(arguments);
    }
}
