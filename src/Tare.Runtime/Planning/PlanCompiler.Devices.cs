// SPDX-License-Identifier: Apache-2.0
using Tare.Oci.Runtime;
using Tare.Runtime.Planning.Steps;
using static Tare.Linux.Processes.ProgramConstants;

namespace Tare.Runtime.Planning;

/// <summary>Device nodes and the links beside them.</summary>
internal sealed partial class PlanCompiler
{
    private const string DeviceDirectory = "/dev";

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

    /// <summary>In a user namespace /dev comes with its nodes from the starter: one made there would be nodev.</summary>
    private bool TryTakeDevices(string target, IReadOnlyList<KeyValuePair<string, string?>> parameters, MountFlags flags)
    {
        if (!HasUsers || target != DeviceDirectory)
        {
            return false;
        }

        DeviceNode[] nodes =
            [.. Nodes().Where(node => node.Type != S_IFIFO && TargetPath.IsWithin(node.Path, DeviceDirectory))];
        int given = Given(new(GivenKind.Tmpfs, target) { Options = parameters, Nodes = nodes });
        Add(new BindMount(given, "devices", target, IsDirectory: true, flags with { Propagation = MS_PRIVATE }));
        return true;
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
        foreach (DeviceNode node in Nodes())
        {
            bool isFresh = _hasFreshDev && TargetPath.IsWithin(node.Path, DeviceDirectory);
            if (!HasUsers || node.Type == S_IFIFO)
            {
                Add(new MakeDevice(node, Replace: !isFresh));
            }
            else if (!isFresh)
            {
                int given = Given(new(GivenKind.Device, node.Path) { Nodes = [node] });
                Add(new BindMount(given, $"device {node.Describe()}", node.Path, IsDirectory: false, default));
            }
        }
    }

    /// <summary>One for each path; the spec's own go before the usual ones.</summary>
    private Dictionary<string, DeviceNode>.ValueCollection Nodes()
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

        return nodes.Values;
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
}
