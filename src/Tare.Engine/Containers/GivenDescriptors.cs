// SPDX-License-Identifier: Apache-2.0
using Tare.Linux;
using Tare.Linux.Files;
using Tare.Linux.Processes;
using Tare.Oci;
using Tare.Oci.Runtime;
using Tare.Runtime.Planning;

namespace Tare.Engine.Containers;

/// <summary>Opens what a launch plan is given: the root file system, the cgroups, a detached mount for each bind.</summary>
internal sealed class GivenDescriptors
{
    private readonly Spec _spec;
    private readonly Fd _rootfs;
    private readonly IReadOnlyList<Fd> _joins;
    private readonly Dictionary<int, Fd> _sources = [];

    /// <param name="spec">of the container; the sources of its binds are pinned now</param>
    /// <param name="rootfs">taken over</param>
    /// <param name="joins">taken over</param>
    public GivenDescriptors(Spec spec, Fd rootfs, IReadOnlyList<Fd> joins)
    {
        (_spec, _rootfs, _joins) = (spec, rootfs, joins);
        var files = new HashSet<int>();
        for (int i = 0; i < spec.Mounts?.Count; i++)
        {
            if (spec.Mounts[i] is { Type: "bind" } mount)
            {
                Fd source = HostPath.Open(mount.Source!, OpenFlags.Path);
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

    /// <summary>In the plan's order, without those that the keeper makes itself. The caller owns them.</summary>
    public IEnumerable<Fd> For(LaunchPlan plan)
    {
        foreach (GivenFd given in plan.Given.Skip(StandardGiven.First))
        {
            yield return given.Kind switch
            {
                GivenKind.Rootfs => _rootfs,
                GivenKind.Cgroup => _joins[given.Index],
                GivenKind.Bind => CloneSource(given.Index),
                GivenKind.Namespace => HostPath.Open(given.Subject, OpenFlags.ReadOnly),
                _ => throw new TareException(ErrorKind.Internal, $"a container is not given a {given.Kind}"),
            };
        }
    }

    private Fd CloneSource(int index)
    {
        using Fd source = _sources[index];
        bool recursive = _spec.Mounts![index].Options?.Contains("rbind") ?? false;
        return Linux.Mounts.Mount.Clone(source, recursive);
    }
}
