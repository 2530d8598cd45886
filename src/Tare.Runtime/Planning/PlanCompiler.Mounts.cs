// SPDX-License-Identifier: Apache-2.0
using Tare.Oci;
using Tare.Oci.Runtime;
using Tare.Runtime.Planning.Steps;
using static Tare.Linux.Processes.ProgramConstants;

namespace Tare.Runtime.Planning;

/// <summary>Everything that is mounted or made below the container's root.</summary>
internal sealed partial class PlanCompiler
{
    private const string TerminalDirectory = "/dev/pts";

    /// <summary>Files of procfs that may be covered by a bind; what lxcfs replaces.</summary>
    private static readonly HashSet<string> CoverableProcFiles = new(
        [
            "/proc/cpuinfo", "/proc/diskstats", "/proc/meminfo", "/proc/stat", "/proc/swaps", "/proc/uptime",
            "/proc/loadavg", "/proc/slabinfo", "/proc/sys/kernel/ns_last_pid", "/proc/sys/crypto/fips_enabled",
        ],
        StringComparer.Ordinal);

    /// <summary>Places of new file systems that become read-only once all below them is made.</summary>
    private readonly List<string> _sealed = [];

    private bool _hasTerminals;
    private IReadOnlyList<KeyValuePair<string, string?>>? _terminalOptions;

    /// <summary>What is mounted on /proc and /sys comes last.</summary>
    /// <remarks>
    /// While the other places are resolved there is no procfs to be led into: a symbolic link of the image to
    /// /proc/self/attr meets the image's own empty directory.
    /// </remarks>
    private void MountAll()
    {
        List<(Mount Mount, int Index, string Target)> later = [];
        IReadOnlyList<Mount> mounts = _spec.Mounts ?? [];
        for (int i = 0; i < mounts.Count; i++)
        {
            string target = TargetPath.Clean(mounts[i].Destination, "mount destination");
            if (TargetPath.IsWithin(target, "/proc") || TargetPath.IsWithin(target, "/sys"))
            {
                later.Add((mounts[i], i, target));
            }
            else
            {
                AddMount(mounts[i], i, target);
            }
        }

        foreach ((Mount mount, int index, string target) in later)
        {
            AddMount(mount, index, target);
        }
    }

    private void AddMount(Mount mount, int index, string target)
    {
        var options = MountOptions.Parse(mount.Options);
        bool isBind = options.IsBind || mount.Type == "bind";
        if (target == "/")
        {
            throw Invalid("a mount on / would cover the root file system");
        }

        if (options.IsRemount)
        {
            ChangeMount(target, options);
            AllowWriting(target, options.Flags);
            return;
        }

        // what is covered from here on cannot be found by its path any more
        _sealed.RemoveAll(covered => TargetPath.IsWithin(covered, target));
        RefuseFalseProc(mount, target, isBind);
        _hasFreshDev |= target == DeviceDirectory && !isBind;
        _hasForeignDev |= target == DeviceDirectory && isBind;
        if (isBind)
        {
            AddBind(mount, index, target, options);
            return;
        }

        bool isMapped = mount.UidMappings is { Count: > 0 } || mount.GidMappings is { Count: > 0 } || options.IdMapWord is not null;
        Refuse(isMapped, "id mappings of a new file system");
        switch (mount.Type)
        {
            case "cgroup" or "cgroup2":
                AddCgroups(target, options);
                break;
            case "devpts" when _process.Terminal && target == TerminalDirectory:
                _hasTerminals = true;
                _terminalOptions = HostOwned(options.Data);
                Add(new MountTerminals(target, options.Flags, _terminalOptions));
                break;
            case { Length: > 0 } type:
                AddFileSystem(type, mount.Source, target, options, index);
                break;
            default:
                throw Invalid($"mount on {target}: no type");
        }
    }

    /// <summary>On /proc is a procfs, and nothing covers parts of it but what is known to be harmless.</summary>
    /// <remarks>CVE-2019-16884, CVE-2019-19921; a tmpfs there would be a false procfs as well.</remarks>
    private static void RefuseFalseProc(Mount mount, string target, bool isBind)
    {
        bool isProc = isBind ? mount.Source == "/proc" : mount.Type == "proc";
        bool isFalse = target == "/proc"
            ? !isProc
            : TargetPath.IsWithin(target, "/proc") && !(isBind && CoverableProcFiles.Contains(target));
        if (isFalse)
        {
            throw new TareException(
                ErrorKind.PermissionDenied,
                $"{(isBind ? "bind" : mount.Type)} on {target}: nothing but procfs may be mounted inside /proc");
        }
    }

    private void AddFileSystem(string type, string? source, string target, MountOptions options, int index = 0)
    {
        List<KeyValuePair<string, string?>> parameters = [new("source", source is { Length: > 0 } ? source : type)];
        if (type == "tmpfs" && options.Data.All(option => option.Key != "mode")
            && _host.DirectoryModes.TryGetValue(target, out uint mode))
        {
            parameters.Add(new("mode", Convert.ToString(mode, 8)));
        }

        parameters.AddRange(options.Data);
        AddMountLabel(type, parameters);
        MountFlags flags = type == "tmpfs" ? SealLater(target, options.Flags) : options.Flags;
        if (options.CopiesUp)
        {
            AddCopy(type, target, index, parameters, flags);
            return;
        }

        if (type != "tmpfs" || !TryTakeDevices(target, parameters, flags))
        {
            Add(new MountFileSystem(type, target, parameters, flags));
        }
    }

    /// <summary>A remount that asks for it has the last word.</summary>
    private void AllowWriting(string target, MountFlags flags)
    {
        if (((flags.Clear | flags.RecursiveClear) & MOUNT_ATTR_RDONLY) != 0)
        {
            _sealed.Remove(target);
        }
    }

    /// <summary>A read-only tmpfs has places for other mounts and devices all the same, as with other runtimes.</summary>
    private MountFlags SealLater(string target, MountFlags flags)
    {
        if (((flags.Set | flags.RecursiveSet) & MOUNT_ATTR_RDONLY) == 0)
        {
            return flags;
        }

        _sealed.Add(target);
        return flags with { Set = flags.Set & ~MOUNT_ATTR_RDONLY, RecursiveSet = flags.RecursiveSet & ~MOUNT_ATTR_RDONLY };
    }

    /// <summary>The process itself could not look into the host's tree for what the tmpfs will cover.</summary>
    private void AddCopy(
        string type, string target, int index, IReadOnlyList<KeyValuePair<string, string?>> parameters, MountFlags flags)
    {
        if (type != "tmpfs")
        {
            throw Invalid($"mount on {target}: tmpcopyup is for a tmpfs, not for {type}");
        }

        int given = Given(new(GivenKind.Tmpfs, target, index) { Options = parameters, CopiesUp = true });
        Add(new BindMount(given, "a copy", target, IsDirectory: true, flags with { Propagation = MS_PRIVATE }));
    }

    /// <summary>Files of these get a label from their mount; those of procfs and sysfs have their own.</summary>
    private void AddMountLabel(string type, List<KeyValuePair<string, string?>> parameters)
    {
        if (_linux.MountLabel is { Length: > 0 } label && type is "tmpfs" or "devpts" or "ramfs")
        {
            parameters.Add(new("context", label));
        }
    }

    /// <summary>cgroup v2 as it is; of v1 every hierarchy in a directory of its own on a tmpfs, as on a host.</summary>
    /// <remarks>
    /// In a cgroup namespace a new mount begins at the container's own cgroup. Without one it would show the host's,
    /// so that the container's directory is bound instead; runc shows the same.
    /// </remarks>
    private void AddCgroups(string target, MountOptions options)
    {
        bool isNamed = !Owns(NamespaceType.Cgroup);
        if (_host.CgroupHierarchies.Count == 0)
        {
            AddUnified(target, options, isNamed);
            return;
        }

        Refuse(
            isNamed && _host.CgroupCount != _host.CgroupHierarchies.Count,
            "a cgroup v1 mount with neither a cgroup namespace nor cgroups of the container's own");
        MountFlags flags = options.Flags;
        Add(new MountFileSystem(
            "tmpfs",
            target,
            [new("source", "tmpfs"), new("mode", "0755")],
            new(MOUNT_ATTR_NOSUID | MOUNT_ATTR_NODEV | MOUNT_ATTR_NOEXEC, 0)));
        for (int i = 0; i < _host.CgroupHierarchies.Count; i++)
        {
            CgroupHierarchy hierarchy = _host.CgroupHierarchies[i];
            string directory = $"{target}/{hierarchy.Directory}";
            Add(isNamed ? BindHierarchy(hierarchy, i, directory, flags) : MountHierarchy(hierarchy, directory, flags));
            AddControllerLinks(hierarchy, target);
        }

        AddIf((flags.Set & MOUNT_ATTR_RDONLY) != 0, () => new SealMount(target));
    }

    /// <summary>The host's tree cannot be mounted by a user who has no rights over it: the container's directory is bound.</summary>
    private void AddUnified(string target, MountOptions options, bool isNamed)
    {
        if (isNamed && HasUsers)
        {
            Add(BindHierarchy(new("unified", []), 0, target, options.Flags));
        }
        else
        {
            AddFileSystem("cgroup2", "cgroup", target, options);
        }
    }

    private static MountFileSystem MountHierarchy(CgroupHierarchy hierarchy, string directory, MountFlags flags)
    {
        List<KeyValuePair<string, string?>> parameters = [new("source", "cgroup")];
        parameters.AddRange(MountOptions.Parse(hierarchy.Options).Data);
        return new("cgroup", directory, parameters, flags);
    }

    private BindMount BindHierarchy(CgroupHierarchy hierarchy, int index, string directory, MountFlags flags)
    {
        int given = Given(new(GivenKind.CgroupTree, hierarchy.Directory, index));
        MountFlags bound = flags.Propagation != 0 ? flags : flags with { Propagation = MS_SLAVE };
        return new(given, $"cgroup {hierarchy.Directory}", directory, IsDirectory: true, bound);
    }

    /// <summary>Two controllers on one hierarchy are found by the name of either.</summary>
    private void AddControllerLinks(CgroupHierarchy hierarchy, string target)
    {
        foreach (string controller in hierarchy.Directory.Split(','))
        {
            AddIf(controller != hierarchy.Directory, () => new MakeLink($"{target}/{controller}", hierarchy.Directory));
        }
    }

    private void CoverPaths()
    {
        foreach (string path in _linux.MaskedPaths ?? [])
        {
            Add(new MaskPath(TargetPath.Clean(path, "masked path")));
        }

        foreach (string path in _linux.ReadonlyPaths ?? [])
        {
            Add(new ReadonlyPath(TargetPath.Clean(path, "read-only path")));
        }
    }

    private void SetRootPropagation()
    {
        if (_linux.RootfsPropagation is not { Length: > 0 } word)
        {
            return;
        }

        MountFlags flags = MountOptions.Parse([word]).Flags;
        if (flags.Propagation == 0)
        {
            throw Invalid($"rootfsPropagation '{word}' is none of private, slave, shared, unbindable");
        }

        Add(new SetRootPropagation(flags.Propagation, flags.IsPropagationRecursive));
    }
}
