// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using Tare.Oci;
using Tare.Oci.Runtime;

namespace Tare.Runtime.Specs;

/// <summary>A container's mounts: the kernel's file systems, the engine's files, then the user's from the root
/// down.</summary>
internal static class ContainerMounts
{
    private const string Proc = "/proc";
    private const string Sys = "/sys";
    private const string Dev = "/dev";

    /// <exception cref="TareException">InvalidArgument for a destination that cannot be, or that two mounts
    /// share</exception>
    public static IReadOnlyList<Mount> Compose(ContainerOptions options)
    {
        bool isMapped = options.Users is not null;
        List<Mount> users = [.. options.Mounts.Select(mount => MountOf(mount, isMapped))];
        HashSet<string> destinations = new(StringComparer.Ordinal);
        foreach (Mount mount in users)
        {
            if (!destinations.Add(mount.Destination))
            {
                throw new TareException(ErrorKind.InvalidArgument, $"duplicate mount point: {mount.Destination}");
            }
        }
        IEnumerable<Mount> kernel = Kernel(options)
            .Where(m => !destinations.Contains(m.Destination))
            .Where(m => !destinations.Contains(Dev) || !m.Destination.StartsWith("/dev/", StringComparison.Ordinal));
        IEnumerable<Mount> bound = users
            .Concat(EngineFiles(options).Select(file => MountOf(file, isMapped)).Where(m => !destinations.Contains(m.Destination)))
            .OrderBy(static m => Depth(m.Destination));
        return [.. kernel, .. bound];
    }

    /// <summary>The propagation that the container's root needs for its binds, or null for private.</summary>
    public static string? RootPropagation(ContainerOptions options)
    {
        bool Has(string one, string all) => options.Mounts.Any(m => m is BindMount bind && (bind.Propagation == one || bind.Propagation == all));
        return Has("shared", "rshared") ? "shared"
            : Has("slave", "rslave") ? "rslave"
            : null;
    }

    /// <summary>They are part of the root as a container sees it, so a read-only root makes them read-only.</summary>
    private static IEnumerable<BindMount> EngineFiles(ContainerOptions options) =>
        options.ReadOnlyRoot ? options.EngineFiles.Select(static m => m with { ReadOnly = true }) : options.EngineFiles;

    private static IEnumerable<Mount> Kernel(ContainerOptions options)
    {
        string[] quiet = ["nosuid", "noexec", "nodev"];
        string[] sys = options.Privileged ? quiet : [.. quiet, "ro"];
        yield return new Mount(Proc) { Type = "proc", Source = "proc", Options = quiet };
        yield return new Mount(Dev)
        {
            Type = "tmpfs",
            Source = "tmpfs",
            Options = ["nosuid", "strictatime", "mode=755", "size=65536k"],
        };
        yield return new Mount("/dev/pts")
        {
            Type = "devpts",
            Source = "devpts",
            Options = ["nosuid", "noexec", "newinstance", "ptmxmode=0666", "mode=0620", "gid=5"],
        };
        yield return new Mount(Sys) { Type = "sysfs", Source = "sysfs", Options = sys };
        yield return new Mount("/sys/fs/cgroup") { Type = "cgroup", Source = "cgroup", Options = sys };
        yield return new Mount("/dev/mqueue") { Type = "mqueue", Source = "mqueue", Options = quiet };
        yield return new Mount("/dev/shm")
        {
            Type = "tmpfs",
            Source = "shm",
            Options = [.. quiet, "mode=1777", string.Create(CultureInfo.InvariantCulture, $"size={options.ShmSize}")],
        };
    }

    private static Mount MountOf(MountOption option, bool isMapped) => option switch
    {
        BindMount bind => new Mount(DestinationOf(option))
        {
            Type = "bind",
            Source = bind.Source,
            Options = isMapped && !bind.IsShownMapped ? [.. BindOptions(bind), bind.Recursive ? "ridmap" : "idmap"] : BindOptions(bind),
        },
        TmpfsMount tmpfs => new Mount(DestinationOf(option))
        {
            Type = "tmpfs",
            Source = "tmpfs",
            Options = TmpfsOptions.WithDefaults(tmpfs.Options),
        },
        _ => throw new ArgumentException($"no such mount option: {option.GetType().Name}"),
    };

    private static string DestinationOf(MountOption option)
    {
        string clean = ContainerPath.Clean("mount path", option.Destination);
        return clean == "/"
            ? throw new TareException(ErrorKind.InvalidArgument, "invalid specification: destination can't be '/'")
            : clean;
    }

    /// <summary>Read-only means read-only all the way down: docker's rule since 25.</summary>
    private static string[] BindOptions(BindMount bind) => (bind.Recursive, bind.ReadOnly) switch
    {
        _ when bind.Propagation is not ("private" or "rprivate" or "shared" or "rshared" or "slave" or "rslave") =>
            throw new TareException(ErrorKind.InvalidArgument, $"invalid propagation: {Quoted.Text(bind.Propagation)}"),
        (true, true) => ["rbind", "rro", bind.Propagation],
        (true, false) => ["rbind", bind.Propagation],
        (false, true) => ["bind", "ro", bind.Propagation],
        (false, false) => ["bind", bind.Propagation],
    };

    private static int Depth(string destination) => destination.Count(static c => c == '/');
}
