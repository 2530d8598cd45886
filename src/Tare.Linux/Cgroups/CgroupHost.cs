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
        foreach (CgroupControllers controller in CgroupLimitWriter.Controllers)
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
        RefuseMissing(limits);
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

            EnableFor(limits, [parent, name]);
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

    /// <summary>Makes a cgroup at a path of somebody else's choice in every hierarchy, and writes the limits.</summary>
    /// <param name="path">components with slashes between, below the root of each hierarchy; missing ones are made</param>
    /// <param name="limits">only what is not null is written</param>
    /// <returns>
    /// with <see cref="Cgroup.Made"/>: one that was there already is used while it is empty, and stays when the
    /// container goes
    /// </returns>
    /// <exception cref="LinuxException">as <see cref="Create(string, string, CgroupLimits)"/>; what was made is removed again</exception>
    internal Cgroup CreateAt(string path, CgroupLimits limits) => CreateAt(At(Components(path), []), limits);

    /// <summary>As the other, at a place that may be another one in each hierarchy.</summary>
    /// <param name="place">of this host</param>
    /// <param name="limits">only what is not null is written</param>
    internal Cgroup CreateAt(Cgroup place, CgroupLimits limits)
    {
        RefuseMissing(limits);
        List<string> made = [];
        Cgroup cgroup = new(place.Paths) { HasUnified = place.HasUnified, Made = made };
        try
        {
            for (int i = 0; i < _hierarchies.Count; i++)
            {
                new CgroupBranch(_hierarchies[i], NamesOf(place, i)).Make(made);
            }

            EnableFor(limits, Unified is null ? [] : NamesOf(place, 0));
            Apply(cgroup, limits);
            return cgroup;
        }
        catch
        {
            cgroup.Remove();
            throw;
        }
    }

    /// <summary>The cgroup at a path, whether it is there or not.</summary>
    /// <param name="path">as for <see cref="CreateAt(string, CgroupLimits)"/></param>
    /// <param name="made">what <see cref="Cgroup.Made"/> was; nothing else is removed</param>
    internal Cgroup OpenAt(string path, IReadOnlyList<string> made) => At(Components(path), made);

    /// <summary>The cgroup of a name below a parent that the user chose, whether it is there or not.</summary>
    /// <remarks>Only the cgroup itself goes with <see cref="Cgroup.Remove()"/>: as with docker, parents stay.</remarks>
    /// <exception cref="LinuxException">ENOENT: this process has no cgroup that is mounted here, and the parent is below it</exception>
    internal Cgroup Below(CgroupParent parent, string name)
    {
        CheckName(name);
        OwnCgroups? own = parent.IsRelative ? OwnCgroups.Read() : null;
        bool isUnifiedAlone = Version == 2;
        return new([.. _hierarchies.Select(hierarchy =>
            string.Join('/', [hierarchy.MountPoint, .. own?.NamesIn(hierarchy, isUnifiedAlone) ?? [], .. parent.Names, name]))])
        {
            HasUnified = Unified is not null,
        };
    }

    /// <summary>Writes limits into a cgroup of this host, new or living.</summary>
    internal void Apply(Cgroup cgroup, CgroupLimits limits)
    {
        foreach (CgroupControllers controller in CgroupLimitWriter.Controllers)
        {
            if ((limits.Needed & controller) != 0)
            {
                (string directory, bool isUnified) = Place(cgroup, controller);
                CgroupLimitWriter.Write(limits, controller, directory, isUnified);
            }
        }

        if (limits.Unified is { } files)
        {
            UnifiedFiles.Write(files, UnifiedPath(cgroup), UnifiedControllers);
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
            CgroupDevices.WriteV1(PathIn(cgroup, v1), rules);
        }
        else if (Unified is not null)
        {
            CgroupDevices.ReplaceV2(cgroup.Paths[0], rules);
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
        return (PathIn(cgroup, _hierarchies.IndexOf(hierarchy)), hierarchy.IsUnified);
    }

    /// <summary>Of one that was written down before something was mounted, the path may be another.</summary>
    private string PathIn(Cgroup cgroup, int hierarchy)
    {
        string mount = _hierarchies[hierarchy].MountPoint;
        if (hierarchy < cgroup.Paths.Count && IsBelow(cgroup.Paths[hierarchy], mount))
        {
            return cgroup.Paths[hierarchy];
        }

        return cgroup.Paths.FirstOrDefault(path => IsBelow(path, mount))
            ?? throw new LinuxException(Errno.ENOENT, "cgroup", $"none in {mount}");
    }

    private static bool IsBelow(string path, string mount) =>
        path.Length > mount.Length && path[mount.Length] == '/' && path.StartsWith(mount, StringComparison.Ordinal);

    private string[] NamesOf(Cgroup place, int hierarchy) =>
        place.Paths[hierarchy][(_hierarchies[hierarchy].MountPoint.Length + 1)..].Split('/');

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
            CgroupInheritance.Cpuset(hierarchy.MountPoint, hierarchy.PathOf(parent));
            CgroupInheritance.Cpuset(hierarchy.PathOf(parent), path);
        }
    }

    private void MakeParent(CgroupHierarchy hierarchy, string parent)
    {
        string path = hierarchy.PathOf(parent);
        CgroupDirectory.Ensure(path, DirectoryMode);
        if ((hierarchy.Controllers & CgroupControllers.Cpuset) != 0)
        {
            CgroupInheritance.Cpuset(hierarchy.MountPoint, path);

            // from now on a new cgroup below begins with these values by itself
            CgroupFile.Write(path, "cgroup.clone_children", 1);
        }
        else if (hierarchy.IsUnified)
        {
            CgroupInheritance.Enable(hierarchy.MountPoint, UnifiedControllers & CgroupInheritance.Usual);
            CgroupInheritance.Enable(path, UnifiedControllers & CgroupInheritance.Usual);
        }
    }

    /// <summary>What few containers need is handed down for those that do.</summary>
    private void EnableFor(CgroupLimits limits, ReadOnlySpan<string> names)
    {
        CgroupControllers wanted = UnifiedControllers & (limits.Needed | UnifiedFiles.Controllers(limits.Unified));
        if (Unified is not { } unified || (wanted == CgroupControllers.None))
        {
            return;
        }

        string directory = unified.MountPoint;
        CgroupInheritance.Require(directory, wanted);
        foreach (string name in names[..^1])
        {
            directory = $"{directory}/{name}";
            CgroupInheritance.Require(directory, wanted);
        }
    }

    private Cgroup At(string[] names, IReadOnlyList<string> made)
    {
        string path = string.Join('/', names);
        return new([.. _hierarchies.Select(hierarchy => hierarchy.PathOf(path))])
        {
            HasUnified = Unified is not null,
            Made = made,
        };
    }

    private string UnifiedPath(Cgroup cgroup) => Unified is not null
        ? cgroup.Paths[0]
        : throw new LinuxException(Errno.EOPNOTSUPP, "cgroup", "no unified hierarchy on this machine");

    private void RefuseMissing(CgroupLimits limits)
    {
        if (Missing(limits) is var missing and not CgroupControllers.None)
        {
            throw new LinuxException(Errno.EOPNOTSUPP, "cgroup", $"no {missing} controller on this machine");
        }
    }

    private static string[] Components(string path)
    {
        string[] names = path.Split('/', StringSplitOptions.RemoveEmptyEntries);
        if (names.Length is 0 or > CgroupBranch.MaxDepth)
        {
            throw new LinuxException(Errno.EINVAL, "cgroup path", $"'{path}'");
        }

        Array.ForEach(names, CheckName);
        return names;
    }

    private static void CheckName(string name)
    {
        if (!FileName.IsValid(System.Text.Encoding.UTF8.GetBytes(name)) || name.Length > FileName.MaxBytes)
        {
            throw new LinuxException(Errno.EINVAL, "cgroup name", $"'{name}'");
        }
    }
}
