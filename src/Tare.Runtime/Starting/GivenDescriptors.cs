// SPDX-License-Identifier: Apache-2.0
using Tare.Linux;
using Tare.Linux.Files;
using Tare.Linux.Processes;
using Tare.Oci;
using Tare.Oci.Runtime;
using Tare.Runtime.Planning;
using HostMount = Tare.Linux.Mounts.Mount;
using Mount = Tare.Oci.Runtime.Mount;

namespace Tare.Runtime.Starting;

/// <summary>Opens what a launch plan is given: the root file system, the cgroups, a detached mount for each bind.</summary>
internal sealed class GivenDescriptors
{
    private readonly Spec _spec;
    private readonly Fd _rootfs;
    private readonly Dictionary<int, Fd> _sources = [];

    /// <param name="spec">of the container; the sources of its binds are pinned now</param>
    /// <param name="rootfs">taken over</param>
    /// <param name="bundle">where relative sources begin; without one they are refused by the spec's maker</param>
    /// <param name="places">what binds with these sources show, instead of what the host has there; lent. Null: there are none</param>
    public GivenDescriptors(Spec spec, Fd rootfs, string bundle = "/", IReadOnlyDictionary<string, Fd>? places = null)
    {
        (_spec, _rootfs) = (spec, rootfs);
        var files = new HashSet<int>();
        for (int i = 0; i < spec.Mounts?.Count; i++)
        {
            if (IsBind(spec.Mounts[i], out Mount mount))
            {
                Fd source = places?.GetValueOrDefault(mount.Source!)?.Duplicate() ?? HostPath.Open(Path.Combine(bundle, mount.Source!), OpenFlags.Path);
                _sources.Add(i, source);
                if (!source.Status().IsDirectory)
                {
                    files.Add(i);
                }
            }
        }

        FileBinds = files;
    }

    /// <summary>Indices of the spec's mounts whose source is no directory.</summary>
    public IReadOnlySet<int> FileBinds { get; }

    /// <summary>One for each cgroup that the process joins by itself; taken over.</summary>
    public IReadOnlyList<Fd> Joins { get; set; } = [];

    /// <summary>Lent: detached mounts that are not needed any more.</summary>
    public IReadOnlyList<Fd> Asides { get; set; } = [];

    /// <summary>The container's own, one in each hierarchy of version 1, or that of version 2 where it is alone.</summary>
    public IReadOnlyList<string> CgroupDirectories { get; set; } = [];

    /// <summary>Lent by a starter that the process waits for; null: whoever launches it adds what belongs to it.</summary>
    public Handshake? Handshake { get; set; }

    /// <summary>Lent: the end of the pipe from which the process hears that its network is complete.</summary>
    public Fd? NetworkGate { get; set; }

    /// <summary>Lent: the container's own map where it is at hand already; null: it is made for each mount that needs it.</summary>
    public MappedUsers? Users { get; set; }

    /// <summary>In the plan's order, without the standard ones. The caller owns them.</summary>
    public IEnumerable<Fd> For(LaunchPlan plan)
    {
        foreach (GivenFd given in plan.Given.Skip(StandardGiven.First))
        {
            if (Handshake is null && given.Kind is GivenKind.Go or GivenKind.GoEnd)
            {
                continue;
            }

            yield return given.Kind switch
            {
                GivenKind.Rootfs => _rootfs,
                GivenKind.Cgroup => Joins[given.Index],
                GivenKind.Aside => Asides[given.Index].Duplicate(),
                GivenKind.Bind => CloneSource(given),
                GivenKind.CgroupTree => CloneTree(CgroupDirectories[given.Index]),
                GivenKind.Tmpfs or GivenKind.Masks or GivenKind.Device => new GivenMounts(plan.Outside, _rootfs).Make(given),
                GivenKind.Namespace => HostPath.Open(given.Subject, OpenFlags.ReadOnly),
                GivenKind.Tell when Handshake is { } shake => shake.Tell.Duplicate(),
                GivenKind.Go when Handshake is { } shake => shake.Go.Duplicate(),
                GivenKind.GoEnd when Handshake is { } shake => shake.GoEnd,
                GivenKind.NetworkGate when NetworkGate is { } gate => gate.Duplicate(),
                GivenKind.Gate when Handshake?.Fifo is { } fifo => fifo.Duplicate(),
                _ => throw new TareException(ErrorKind.Internal, $"a container is not given a {given.Kind}"),
            };
        }
    }

    private static Fd CloneTree(string directory)
    {
        using Fd place = HostPath.Open(directory, OpenFlags.Path | OpenFlags.Directory);
        return HostMount.Clone(place);
    }

    private Fd CloneSource(GivenFd given)
    {
        using Fd source = _sources[given.Index];
        bool isRecursive = MountOptions.Parse(_spec.Mounts![given.Index].Options).IsRecursiveBind;
        try
        {
            return given.IdMap is { } map ? ShowMapped(source, isRecursive, map) : HostMount.Clone(source, isRecursive);
        }
        catch (LinuxException refused) when (given.IdMap is not null && refused.Errno is Errno.EINVAL or Errno.EPERM)
        {
            throw new TareException(
                ErrorKind.FailedPrecondition,
                $"bind {_spec.Mounts[given.Index].Source}: a file system there shows no mapped owners: {refused.Errno.Explain()}",
                null,
                refused);
        }
    }

    private Fd ShowMapped(Fd source, bool isRecursive, MountIdMap map)
    {
        Fd clone = HostMount.Clone(source, isRecursive);
        try
        {
            if (Users is not null && IsOf(Users, map.Uids) && IsOf(Users, map.Gids))
            {
                HostMount.SetIdMap(clone, Users.Namespace, map.IsRecursive);
            }
            else
            {
                GivenMounts.MapOwners(clone, map);
            }

            return clone;
        }
        catch
        {
            clone.Dispose();
            throw;
        }
    }

    private static bool IsOf(MappedUsers users, IReadOnlyList<IdMapping> map) =>
        map is [var range] && range == new IdMapping(0, users.First, users.Count);

    /// <summary>As the plan sees it.</summary>
    private static bool IsBind(Mount mount, out Mount same)
    {
        same = mount;
        var options = MountOptions.Parse(mount.Options);
        return !options.IsRemount && (options.IsBind || mount.Type == "bind") && mount.Source is not null;
    }
}
