// SPDX-License-Identifier: Apache-2.0
using Tare.Oci;
using Tare.Oci.Runtime;
using Tare.Runtime.Planning.Steps;
using static Tare.Linux.Processes.ProgramConstants;

namespace Tare.Runtime.Planning;

/// <summary>Everything that is mounted or made below the container's root.</summary>
internal sealed partial class PlanCompiler
{
    private const string DeviceDirectory = "/dev";
    private const string TerminalDirectory = "/dev/pts";

    /// <summary>Files of procfs that may be covered by a bind; what lxcfs replaces.</summary>
    private static readonly HashSet<string> CoverableProcFiles = new(
        [
            "/proc/cpuinfo", "/proc/diskstats", "/proc/meminfo", "/proc/stat", "/proc/swaps", "/proc/uptime",
            "/proc/loadavg", "/proc/slabinfo", "/proc/sys/kernel/ns_last_pid", "/proc/sys/crypto/fips_enabled",
        ],
        StringComparer.Ordinal);

    /// <summary>The links that every container has in /dev.</summary>
    /// <remarks>runtime-spec v1.3 config-linux.md#dev-symbolic-links</remarks>
    private static readonly (string Path, string Target)[] DeviceLinks =
    [
        ("/dev/fd", "/proc/self/fd"),
        ("/dev/stdin", "/proc/self/fd/0"),
        ("/dev/stdout", "/proc/self/fd/1"),
        ("/dev/stderr", "/proc/self/fd/2"),
        ("/dev/core", "/proc/kcore"),
        ("/dev/ptmx", "pts/ptmx"),
    ];

    private bool _hasFreshDev;
    private bool _hasForeignDev;
    private bool _hasTerminals;

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

        RefuseFalseProc(mount, target, isBind);
        _hasFreshDev |= target == DeviceDirectory && !isBind;
        _hasForeignDev |= target == DeviceDirectory && isBind;
        if (isBind)
        {
            AddBind(mount, index, target, options);
            return;
        }

        Refuse(mount.UidMappings is { Count: > 0 } || mount.GidMappings is { Count: > 0 }, "id mappings of a file system");
        switch (mount.Type)
        {
            case "cgroup" or "cgroup2":
                AddCgroups(target, options);
                break;
            case "devpts" when _process.Terminal && target == TerminalDirectory:
                _hasTerminals = true;
                Add(new MountTerminals(target, options.Flags));
                break;
            case { Length: > 0 } type:
                AddFileSystem(type, mount.Source, target, options);
                break;
            default:
                throw Invalid($"mount on {target}: no type");
        }
    }

    private void AddBind(Mount mount, int index, string target, MountOptions options)
    {
        string source = mount.Source ?? throw Invalid($"bind on {target}: no source");
        if (options.Data.Count > 0)
        {
            throw Invalid($"bind on {target}: unknown option '{options.Data[0].Key}'");
        }

        // without a word about it, mounts of the host's still reach the container but not the other way round
        MountFlags flags = options.Flags.Propagation != 0
            ? options.Flags
            : options.Flags with { Propagation = MS_SLAVE, IsPropagationRecursive = true };
        string how = options.IsRecursiveBind ? $"rbind {source}" : source;
        int given = Given(new(GivenKind.Bind, how, index));
        Add(new BindMount(given, source, target, !_host.FileBinds.Contains(index), flags));
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

    private void AddFileSystem(string type, string? source, string target, MountOptions options)
    {
        List<KeyValuePair<string, string?>> parameters = [new("source", source is { Length: > 0 } ? source : type)];
        if (type == "tmpfs" && options.Data.All(option => option.Key != "mode")
            && _host.DirectoryModes.TryGetValue(target, out uint mode))
        {
            parameters.Add(new("mode", Convert.ToString(mode, 8)));
        }

        Refuse(options.Data.Any(option => option.Key == "tmpcopyup"), "mount option tmpcopyup");
        parameters.AddRange(options.Data);
        Add(new MountFileSystem(type, target, parameters, options.Flags));
    }

    /// <summary>cgroup v2 as it is; of v1 every hierarchy in a directory of its own on a tmpfs, as on a host.</summary>
    private void AddCgroups(string target, MountOptions options)
    {
        if (_host.CgroupHierarchies.Count == 0)
        {
            AddFileSystem("cgroup2", "cgroup", target, options);
            return;
        }

        Refuse(!Owns(NamespaceType.Cgroup), "a cgroup v1 mount without a cgroup namespace");
        MountFlags flags = options.Flags;
        Add(new MountFileSystem(
            "tmpfs",
            target,
            [new("source", "tmpfs"), new("mode", "0755")],
            new(MOUNT_ATTR_NOSUID | MOUNT_ATTR_NODEV | MOUNT_ATTR_NOEXEC, 0)));
        foreach (CgroupHierarchy hierarchy in _host.CgroupHierarchies)
        {
            AddHierarchy(hierarchy, target, flags);
        }

        AddIf((flags.Set & MOUNT_ATTR_RDONLY) != 0, () => new SealMount(target));
    }

    private void AddHierarchy(CgroupHierarchy hierarchy, string target, MountFlags flags)
    {
        string directory = $"{target}/{hierarchy.Directory}";
        List<KeyValuePair<string, string?>> parameters = [new("source", "cgroup")];
        parameters.AddRange(MountOptions.Parse(hierarchy.Options).Data);
        Add(new MountFileSystem("cgroup", directory, parameters, flags));
        foreach (string controller in hierarchy.Directory.Split(','))
        {
            AddIf(controller != hierarchy.Directory, () => new MakeLink($"{target}/{controller}", hierarchy.Directory));
        }
    }

    private void MakeDevices()
    {
        if (!_hasForeignDev)
        {
            MakeDeviceNodes();
            foreach ((string path, string target) in DeviceLinks)
            {
                Add(new MakeLink(path, target));
            }
        }

        AddIf(_process.Terminal && _hasTerminals, () => new BindConsole());
    }

    private void MakeDeviceNodes()
    {
        Dictionary<string, DeviceNode> nodes = new(StringComparer.Ordinal);
        foreach (DeviceNode node in DeviceNode.Defaults)
        {
            nodes[node.Path] = node;
        }

        foreach (Device device in _linux.Devices ?? [])
        {
            DeviceNode node = Node(device);
            nodes[node.Path] = node;
        }

        foreach (DeviceNode node in nodes.Values)
        {
            bool isFresh = _hasFreshDev && TargetPath.IsWithin(node.Path, DeviceDirectory);
            Add(new MakeDevice(node, Replace: !isFresh));
        }
    }

    private static DeviceNode Node(Device device)
    {
        string path = TargetPath.Clean(device.Path, "device");
        uint type = device.Type switch
        {
            "c" or "u" => S_IFCHR,
            "b" => S_IFBLK,
            "p" => S_IFIFO,
            _ => throw Invalid($"device {path}: no type '{device.Type}'"),
        };
        bool isNumbered = type != S_IFIFO;
        if (isNumbered && (device.Major is < 0 or > DeviceNode.MaxMajor || device.Minor is < 0 or > DeviceNode.MaxMinor))
        {
            throw Invalid($"device {path}: no number {device.Major}:{device.Minor}");
        }

        // the bits above the permissions are the kind of file, which some writers put in too
        uint mode = (device.FileMode ?? DeviceNode.DefaultMode) & 0xfff;
        return new(
            path,
            type,
            isNumbered ? (uint)device.Major : 0,
            isNumbered ? (uint)device.Minor : 0,
            mode,
            device.Uid ?? 0,
            device.Gid ?? 0);
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
