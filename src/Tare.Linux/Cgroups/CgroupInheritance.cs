// SPDX-License-Identifier: Apache-2.0
namespace Tare.Linux.Cgroups;

/// <summary>What a new cgroup must have from the one above before it can be used.</summary>
internal static class CgroupInheritance
{
    /// <summary>Controllers of the unified hierarchy that nearly every container uses.</summary>
    internal const CgroupControllers Usual = CgroupControllers.Cpu | CgroupControllers.Cpuset
        | CgroupControllers.Memory | CgroupControllers.Pids | CgroupControllers.BlockIo;

    /// <summary>Processes cannot enter a v1 cpuset without processors and nodes. Nodes first: processors mean "done".</summary>
    internal static void Cpuset(string from, string to)
    {
        foreach (string file in (ReadOnlySpan<string>)["cpuset.mems", "cpuset.cpus"])
        {
            if (string.IsNullOrEmpty(CgroupFile.TryReadLine(to, file))
                && CgroupFile.TryReadLine(from, file) is { Length: > 0 } value)
            {
                CgroupFile.Write(to, file, value);
            }
        }
    }

    /// <summary>Hands controllers down to the cgroups below a directory of the unified hierarchy.</summary>
    /// <remarks>What cannot be handed down (a cgroup with processes of its own) shows when a limit needs it.</remarks>
    internal static void Enable(string directory, CgroupControllers controllers)
    {
        foreach ((CgroupControllers controller, string name) in CgroupControllerNames.OfUnified)
        {
            if ((controllers & controller) != 0)
            {
                TryEnable(directory, name);
            }
        }
    }

    private static void TryEnable(string directory, string controller)
    {
        try
        {
            CgroupFile.Write(directory, "cgroup.subtree_control", $"+{controller}");
        }
        catch (LinuxException e) when (
            e.Errno is Errno.EBUSY or Errno.EPERM or Errno.EACCES or Errno.EOPNOTSUPP or Errno.ENOENT)
        {
        }
    }
}
