// SPDX-License-Identifier: Apache-2.0
using System.Runtime.InteropServices;
using System.Text;
using Tare.Linux;
using Tare.Linux.Files;
using Tare.Oci;
using Tare.Oci.Runtime;
using Tare.Runtime.Specs;

namespace Tare.Engine.Containers;

/// <summary>Looks at the machine for what a spec depends on.</summary>
internal static class HostInspection
{
    private const int MaxKnob = 4096;
    private const int MaxCpus = 4096;

    /// <summary>What <see cref="ContainerSpec.Build"/> wants to know.</summary>
    /// <param name="withDevices">a privileged container gets every node of the host's /dev</param>
    public static HostFacts Look(bool withDevices)
    {
        Host host = Host.Read();
        return new(ArchitectureName, host.Kernel, host.Name, Environment.ProcessorCount)
        {
            LastCapability = Knob("/proc/sys/kernel/cap_last_cap") ?? CapabilityNames.Newest,
            MaskedPaths = ThermalThrottles(),
            Devices = withDevices ? DeviceNodes() : [],
        };
    }

    /// <summary>GOARCH of this machine.</summary>
    public static string ArchitectureName => RuntimeInformation.ProcessArchitecture switch
    {
        Architecture.X64 => "amd64",
        Architecture.Arm64 => "arm64",
        Architecture other => other.ToString().ToLowerInvariant(),
    };

    /// <summary>What images must be made for to run here.</summary>
    public static Platform Platform { get; } = new Platform(ArchitectureName, "linux").Normalize();

    /// <summary>A file that holds one number; null when there is none.</summary>
    private static int? Knob(string path) =>
        HostPath.TryReadAll(path, MaxKnob) is { } bytes && int.TryParse(bytes, null, out int number) ? number : null;

    /// <summary>Each CPU's folder of thermal events, which tell one container what others do.</summary>
    private static List<string> ThermalThrottles()
    {
        const string Cpus = "/sys/devices/system/cpu";
        var paths = new List<string>();
        for (int cpu = 0; cpu < MaxCpus; cpu++)
        {
            if (HostPath.TryStatus($"{Cpus}/cpu{cpu}") is null)
            {
                break;
            }

            string path = $"{Cpus}/cpu{cpu}/thermal_throttle";
            if (HostPath.TryStatus(path) is not null)
            {
                paths.Add(path);
            }
        }

        return paths;
    }

    private static List<DeviceGrant> DeviceNodes()
    {
        var nodes = new List<DeviceGrant>();
        using Fd dev = HostPath.OpenDirectory("/dev");
        Collect(dev, "/dev", nodes);
        return nodes;
    }

    /// <summary>Terminals, shared memory and queues belong to each container itself.</summary>
    private static void Collect(Fd folder, string path, List<DeviceGrant> nodes)
    {
        foreach (Entry entry in folder.Entries())
        {
            byte[] name = entry.Name.ToArray();
            if (folder.TryStatus(name) is not { } status)
            {
                continue;
            }

            string at = $"{path}/{Encoding.UTF8.GetString(name)}";
            if (status.IsDirectory && at is not ("/dev/pts" or "/dev/shm" or "/dev/mqueue" or "/dev/fd"))
            {
                using Fd below = folder.Open(name, OpenFlags.ReadOnly | OpenFlags.Directory);
                Collect(below, at, nodes);
            }
            else if (status.Kind is FileKind.CharacterDevice or FileKind.BlockDevice && at is not ("/dev/console" or "/dev/ptmx"))
            {
                nodes.Add(new(NodeOf(status, at), "rwm"));
            }
        }
    }

    private static Device NodeOf(in FileStatus status, string path) =>
        new(status.Kind == FileKind.BlockDevice ? "b" : "c", path)
        {
            Major = status.Device.Major,
            Minor = status.Device.Minor,
            FileMode = status.Mode,
            Uid = status.Uid,
            Gid = status.Gid,
        };
}
