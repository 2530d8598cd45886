// SPDX-License-Identifier: Apache-2.0
using System.Text;
using Tare.Linux;
using Tare.Linux.Files;
using Tare.Linux.Mounts;
using Tare.Linux.Processes;
using Tare.Oci;
using Tare.Runtime.Planning;
using Tare.Runtime.Planning.Steps;
using FileRoot = Tare.Linux.Files.Root;

namespace Tare.Runtime.Starting;

/// <summary>Makes the detached mounts that only the host can make: device nodes, what a tmpfs begins with, mapped owners.</summary>
/// <param name="users">the ids of the container; null: those of the host</param>
/// <param name="rootfs">lent: the container's root file system, not yet attached</param>
internal sealed class GivenMounts(PlanOutside? users, Fd rootfs)
{
    private const uint DirectoryMode = 0x1ed; // 0755

    /// <summary>The caller owns it.</summary>
    /// <exception cref="LinuxException">the host refuses</exception>
    public Fd Make(GivenFd given) => given.Kind switch
    {
        GivenKind.Tmpfs => MakeTmpfs(given),
        GivenKind.Masks => MakeMasks(),
        GivenKind.Device => CloneDevice(given.Nodes[0]),
        _ => throw new TareException(ErrorKind.Internal, $"a {given.Kind} is not a mount that the host makes"),
    };

    /// <summary>Shows the owners of a detached mount, with what is below it, through a map.</summary>
    /// <exception cref="LinuxException">EINVAL: its file system has no mapped owners</exception>
    public static void MapOwners(Fd mount, MountIdMap map)
    {
        using Fd space = UserNamespace.Create(PlanOutside.MapText(map.Uids), PlanOutside.MapText(map.Gids));
        Mount.SetIdMap(mount, space, map.IsRecursive);
    }

    private Fd MakeTmpfs(GivenFd given)
    {
        using var context = new FileSystemContext("tmpfs");
        foreach ((string key, string? value) in given.Options)
        {
            if (value is null)
            {
                context.SetFlag(key);
            }
            else
            {
                context.SetString(key, value);
            }
        }

        return Filled(context.Create(), mount =>
        {
            Own(mount, 0, 0);
            if (given.CopiesUp)
            {
                CopyUp(given, mount);
            }

            foreach (DeviceNode node in given.Nodes)
            {
                MakeNode(mount, node, node.Path[(given.Subject.Length + 1)..]);
            }
        });
    }

    private Fd MakeMasks()
    {
        using var context = new FileSystemContext("tmpfs");
        context.SetString("size", "16k");
        context.SetString("mode", "0755");
        return Filled(context.Create(), mount =>
        {
            mount.MakeDirectory(Encoding.ASCII.GetBytes(OpenMasks.EmptyDirectory), 0x16d /* 0555 */);
            mount.MakeDirectory(Encoding.ASCII.GetBytes(OpenMasks.AsideDirectory), 0x16d);
            mount.MakeNode(Encoding.ASCII.GetBytes(OpenMasks.AsideFile), FileKind.Regular, 0x124 /* 0444 */);
            MakeNode(mount, DeviceNode.Defaults[0], OpenMasks.NullDevice);
            Own(mount, 0, 0);
        });
    }

    /// <summary>The same device by the same name on the host, as no other directory of the host is known to have it.</summary>
    private static Fd CloneDevice(DeviceNode node)
    {
        using Fd place = HostPath.Open(node.Path, OpenFlags.Path | OpenFlags.NoFollow);
        FileStatus status = place.Status();
        bool isSame = status.Kind is FileKind.CharacterDevice or FileKind.BlockDevice
            && status.Device == new DeviceNumber(node.Major, node.Minor);
        return isSame
            ? Mount.Clone(place)
            : throw new LinuxException(Errno.ENXIO, "device", $"{node.Path} of the host is not {node.Describe()}");
    }

    /// <summary>What the image has at this place; nothing when it has no directory there.</summary>
    private void CopyUp(GivenFd given, Fd mount)
    {
        uint mode = mount.Status().Mode;
        using FileRoot root = FileRoot.From(rootfs.Duplicate());
        using Fd? covered = root.TryResolve(Encoding.UTF8.GetBytes(given.Subject), OpenFlags.ReadOnly | OpenFlags.Directory);
        if (covered is not null)
        {
            TreeCopy.Run(covered, mount);
            mount.SetMode(given.Options.Any(option => option.Key == "mode") ? mode : covered.Status().Mode);
        }
    }

    private void MakeNode(Fd mount, DeviceNode node, string relative)
    {
        using FileRoot root = FileRoot.From(mount.Duplicate());
        int slash = relative.LastIndexOf('/');
        byte[] name = Encoding.UTF8.GetBytes(relative[(slash + 1)..]);
        (uint uid, uint gid) = Host(0, 0);
        using Fd directory = slash < 0
            ? mount.Duplicate()
            : root.MakeDirectories(Encoding.UTF8.GetBytes(relative[..slash]), DirectoryMode, uid, gid);
        FileKind kind = node.Type switch
        {
            ProgramConstants.S_IFBLK => FileKind.BlockDevice,
            ProgramConstants.S_IFIFO => FileKind.Fifo,
            _ => FileKind.CharacterDevice,
        };
        directory.MakeNode(name, kind, node.Mode, new DeviceNumber(node.Major, node.Minor));
        directory.SetMode(name, node.Mode);
        (uid, gid) = Host(node.Uid, node.Gid);
        directory.SetOwner(name, uid, gid);
    }

    private void Own(Fd mount, uint uid, uint gid)
    {
        (uint hostUid, uint hostGid) = Host(uid, gid);
        mount.SetOwner(hostUid, hostGid);
    }

    private (uint Uid, uint Gid) Host(uint uid, uint gid) => users is null
        ? (uid, gid)
        : (users.HostUid(uid) ?? throw Nobody(uid), users.HostGid(gid) ?? throw Nobody(gid));

    private static TareException Nobody(uint id) =>
        new(ErrorKind.InvalidArgument, $"a device belongs to {id}, who is nobody in the container's user namespace");

    private static Fd Filled(Fd mount, Action<Fd> fill)
    {
        try
        {
            fill(mount);
            return mount;
        }
        catch
        {
            mount.Dispose();
            throw;
        }
    }
}
