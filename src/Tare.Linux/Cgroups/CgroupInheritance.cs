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

    /// <summary>Hands controllers down to the cgroups below a directory of the unified hierarchy, as far as it can.</summary>
    internal static void Enable(string directory, CgroupControllers controllers)
    {
        foreach (string name in Kept(directory, controllers))
        {
            TryEnable(directory, name);
        }
    }

    /// <summary>As <see cref="Enable"/>, for controllers without which a limit cannot be given.</summary>
    /// <exception cref="LinuxException">EBUSY: the cgroup has processes of its own; else why it keeps a controller</exception>
    internal static void Require(string directory, CgroupControllers controllers)
    {
        foreach (string name in Kept(directory, controllers))
        {
            if (TryEnable(directory, name) is var refused and not Errno.None)
            {
                string reason = refused == Errno.EBUSY ? ", as it has processes of its own" : "";
                throw new LinuxException(refused, "cgroup", $"{directory} does not hand its {name} controller down{reason}");
            }
        }
    }

    /// <summary>Those that are not handed down yet.</summary>
    private static List<string> Kept(string directory, CgroupControllers controllers)
    {
        CgroupControllers handed = CgroupFile.TryRead($"{directory}/cgroup.subtree_control") is { } list
            ? CgroupControllerNames.ParseList(list, (byte)' ')
            : CgroupControllers.None;
        List<string> kept = [];
        foreach ((CgroupControllers controller, string name) in CgroupControllerNames.OfUnified)
        {
            if ((controllers & ~handed & controller) != 0)
            {
                kept.Add(name);
            }
        }

        return kept;
    }

    /// <summary>EINVAL where the kernel keeps cpu from cgroups with real-time processes.</summary>
    private static Errno TryEnable(string directory, string controller)
    {
        try
        {
            // the kernel would take cpu, cpuset and pids, and turn it into a tree of threads: no container can live there
            if (HasProcesses(directory))
            {
                return Errno.EBUSY;
            }

            CgroupFile.Write(directory, "cgroup.subtree_control", $"+{controller}");
            return Errno.None;
        }
        catch (LinuxException e) when (
            e.Errno is Errno.EBUSY or Errno.EPERM or Errno.EACCES or Errno.EOPNOTSUPP or Errno.ENOENT or Errno.EINVAL)
        {
            return e.Errno;
        }
    }

    /// <summary>Of its own. The root of the hierarchy, which alone has no type, may have them.</summary>
    private static bool HasProcesses(string directory) =>
        LimitFile.Exists(directory, "cgroup.type") && CgroupFile.TryReadLine(directory, "cgroup.procs") is { Length: > 0 };
}
