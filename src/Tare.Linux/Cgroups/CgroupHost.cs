// SPDX-License-Identifier: Apache-2.0
using Tare.Linux.Files;

namespace Tare.Linux.Cgroups;

/// <summary>The cgroup hierarchies of this machine, v1, v2 or both, as this process sees them mounted.</summary>
/// <remarks>
/// A container gets a cgroup in every hierarchy: <c>&lt;mount point&gt;/&lt;parent&gt;/&lt;name&gt;</c>. The parent is one
/// per store and is made with the first container. In the hybrid form the unified tree has no controllers and serves
/// for killing and freezing; limits live on v1. Start reading at <see cref="Create"/>; <see cref="Cgroup"/> is what
/// comes out.
/// </remarks>
internal sealed class CgroupHost
{
    /// <summary>Far more than the kernel allows mounts by default (100,000) in ordinary lengths.</summary>
    private const int MaxMountInfoBytes = 64 << 20;

    private const uint DirectoryMode = 0b111_101_101;

    private readonly List<CgroupHierarchy> _hierarchies;
    private CgroupControllers? _unifiedControllers;

    internal CgroupHost(List<CgroupHierarchy> hierarchies) => _hierarchies = hierarchies;

    /// <summary>The unified hierarchy, if there is one, is first.</summary>
    internal IReadOnlyList<CgroupHierarchy> Hierarchies => _hierarchies;

    /// <summary>1 also where the unified hierarchy is there beside those of version 1, as docker says it.</summary>
    internal int Version => _hierarchies.TrueForAll(hierarchy => hierarchy.IsUnified) ? 2 : 1;

    private CgroupHierarchy? Unified => _hierarchies.Count > 0 && _hierarchies[0].IsUnified ? _hierarchies[0] : null;

    /// <summary>What the unified hierarchy can limit; in the hybrid form little or nothing.</summary>
    private CgroupControllers UnifiedControllers => _unifiedControllers ??= Unified is { } unified
        && HostPath.TryReadAll($"{unified.MountPoint}/cgroup.controllers", FileName.MaxBytes) is { } list
        ? CgroupControllerNames.ParseList(list, (byte)' ')
        : CgroupControllers.None;

    /// <summary>Reads /proc/self/mountinfo; about 40 µs.</summary>
    internal static CgroupHost Detect() =>
        new(CgroupMounts.Parse(HostPath.ReadAll("/proc/self/mountinfo", MaxMountInfoBytes)));

    /// <summary>Where a controller lives, or null: nowhere.</summary>
    internal CgroupHierarchy? Find(CgroupControllers controller) =>
        _hierarchies.Find(hierarchy => (hierarchy.Controllers & controller) != 0)
        ?? ((UnifiedControllers & controller) != 0 ? Unified : null);

    /// <summary>The first controller that these limits need and the machine does not have, or None.</summary>
    internal CgroupControllers Missing(CgroupLimits limits)
    {
        foreach (CgroupControllers controller in (ReadOnlySpan<CgroupControllers>)
            [CgroupControllers.Memory, CgroupControllers.Cpu, CgroupControllers.Cpuset, CgroupControllers.Pids])
        {
            if ((limits.Needed & controller) != 0 && Find(controller) is null)
            {
                return controller;
            }
        }

        return CgroupControllers.None;
    }

    /// <summary>Makes a cgroup in every hierarchy and writes the limits; on failure nothing of it stays.</summary>
    /// <param name="parent">one component, such as <c>tare-&lt;store id&gt;</c>; made when missing, and stays</param>
    /// <param name="name">one component; an empty leftover of this name is replaced</param>
    /// <param name="limits">only what is not null is written</param>
    /// <exception cref="LinuxException">
    /// EOPNOTSUPP: no controller for a limit; EBUSY: the name is in use; else what the kernel says of a value
    /// </exception>
    internal Cgroup Create(string parent, string name, CgroupLimits limits)
    {
        CheckName(parent);
        CheckName(name);
        if (Missing(limits) is var missing and not CgroupControllers.None)
        {
            throw new LinuxException(Errno.EOPNOTSUPP, "cgroup", $"no {missing} controller on this machine");
        }

        List<string> made = [];
        Cgroup cgroup = new(made) { HasUnified = Unified is not null };
        try
        {
            foreach (CgroupHierarchy hierarchy in _hierarchies)
            {
                // before it is made: what fails half-way is removed too
                string leaf = hierarchy.PathOf(parent, name);
                made.Add(leaf);
                MakeLeaf(hierarchy, parent, leaf);
            }

            Apply(cgroup, limits);
            return cgroup;
        }
        catch
        {
            cgroup.Remove();
            throw;
        }
    }

    /// <summary>The cgroup of this name, whether it is there or not: directories that are gone count as empty.</summary>
    internal Cgroup Open(string parent, string name)
    {
        CheckName(parent);
        CheckName(name);
        return new([.. _hierarchies.Select(hierarchy => hierarchy.PathOf(parent, name))]) { HasUnified = Unified is not null };
    }

    /// <summary>Writes limits into a cgroup of this host, new or living.</summary>
    internal void Apply(Cgroup cgroup, CgroupLimits limits)
    {
        CgroupLimitWriter writer = new(limits);
        foreach (CgroupControllers controller in (ReadOnlySpan<CgroupControllers>)
            [CgroupControllers.Memory, CgroupControllers.Cpu, CgroupControllers.Cpuset, CgroupControllers.Pids])
        {
            if ((limits.Needed & controller) == 0)
            {
                continue;
            }

            (string directory, bool isUnified) = Place(cgroup, controller);
            if (isUnified)
            {
                writer.WriteV2(controller, directory);
            }
            else
            {
                writer.WriteV1(controller, directory);
            }
        }

        if (limits.Devices is { } rules)
        {
            ApplyDevices(cgroup, rules);
        }
    }

    /// <summary>Removes an empty parent everywhere; one that still has containers stays.</summary>
    internal void RemoveParent(string parent)
    {
        CheckName(parent);
        foreach (CgroupHierarchy hierarchy in _hierarchies)
        {
            CgroupDirectory.TryRemove(hierarchy.PathOf(parent));
        }
    }

    private void ApplyDevices(Cgroup cgroup, IReadOnlyList<DeviceRule> rules)
    {
        int v1 = _hierarchies.FindIndex(hierarchy => (hierarchy.Controllers & CgroupControllers.Devices) != 0);
        if (v1 >= 0)
        {
            CgroupDevices.WriteV1(cgroup.Paths[v1], rules);
        }
        else if (Unified is not null)
        {
            CgroupDevices.AttachV2(cgroup.Paths[0], rules);
        }
        else
        {
            throw new LinuxException(Errno.EOPNOTSUPP, "cgroup", "nothing on this machine can limit devices");
        }
    }

    private (string Directory, bool IsUnified) Place(Cgroup cgroup, CgroupControllers controller)
    {
        CgroupHierarchy hierarchy = Find(controller)
            ?? throw new LinuxException(Errno.EOPNOTSUPP, "cgroup", $"no {controller} controller on this machine");
        return (cgroup.Paths[_hierarchies.IndexOf(hierarchy)], hierarchy.IsUnified);
    }

    private void MakeLeaf(CgroupHierarchy hierarchy, string parent, string path)
    {
        if (!CgroupDirectory.TryMake(path, DirectoryMode))
        {
            MakeParent(hierarchy, parent);
            if (!CgroupDirectory.TryMake(path, DirectoryMode))
            {
                throw new LinuxException(Errno.ENOENT, "mkdir", path);
            }
        }

        if ((hierarchy.Controllers & CgroupControllers.Cpuset) != 0
            && string.IsNullOrEmpty(CgroupFile.TryReadLine(path, "cpuset.cpus")))
        {
            // made by somebody else, or just now by another process that has not come so far
            InheritCpuset(hierarchy.MountPoint, hierarchy.PathOf(parent));
            InheritCpuset(hierarchy.PathOf(parent), path);
        }
    }

    private void MakeParent(CgroupHierarchy hierarchy, string parent)
    {
        string path = hierarchy.PathOf(parent);
        CgroupDirectory.Ensure(path, DirectoryMode);
        if ((hierarchy.Controllers & CgroupControllers.Cpuset) != 0)
        {
            InheritCpuset(hierarchy.MountPoint, path);

            // from now on a new cgroup below begins with these values by itself
            CgroupFile.Write(path, "cgroup.clone_children", 1);
        }
        else if (hierarchy.IsUnified)
        {
            EnableControllers(hierarchy.MountPoint);
            EnableControllers(path);
        }
    }

    /// <summary>Processes cannot enter a v1 cpuset without processors and nodes. Nodes first: processors mean "done".</summary>
    private static void InheritCpuset(string from, string to)
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

    /// <summary>What cannot be handed down (a cgroup with processes of its own) shows when a limit needs it.</summary>
    private void EnableControllers(string directory)
    {
        foreach ((CgroupControllers controller, string text) in
            (ReadOnlySpan<(CgroupControllers, string)>)
            [
                (CgroupControllers.Cpu, "+cpu"),
                (CgroupControllers.Cpuset, "+cpuset"),
                (CgroupControllers.Memory, "+memory"),
                (CgroupControllers.Pids, "+pids"),
                (CgroupControllers.BlockIo, "+io"),
            ])
        {
            if ((UnifiedControllers & controller) != 0)
            {
                TryWrite(directory, "cgroup.subtree_control", text);
            }
        }
    }

    private static void TryWrite(string directory, string file, string value)
    {
        try
        {
            CgroupFile.Write(directory, file, value);
        }
        catch (LinuxException e) when (e.Errno is Errno.EBUSY or Errno.EPERM or Errno.EACCES or Errno.EOPNOTSUPP)
        {
        }
    }

    private static void CheckName(string name)
    {
        if (!FileName.IsValid(System.Text.Encoding.UTF8.GetBytes(name)) || name.Length > FileName.MaxBytes)
        {
            throw new LinuxException(Errno.EINVAL, "cgroup name", $"'{name}'");
        }
    }
}
