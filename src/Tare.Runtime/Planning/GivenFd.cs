// SPDX-License-Identifier: Apache-2.0
namespace Tare.Runtime.Planning;

/// <summary>A descriptor that the starter hands over, at the position that it has in <see cref="LaunchPlan.Given"/>.</summary>
/// <param name="Kind">what it must be</param>
/// <param name="Subject">the path it is opened from where the plan knows one, else empty</param>
/// <param name="Index">
/// Bind, Tmpfs: index into the spec's mounts. Cgroup, CgroupTree: which of the v1 hierarchies, from 0. Aside: which. Else 0
/// </param>
internal sealed record GivenFd(GivenKind Kind, string Subject = "", int Index = 0)
{
    /// <summary>Bind: how the starter maps the owners of the mount that it hands over; null: as they are.</summary>
    public MountIdMap? IdMap { get; init; }

    /// <summary>Tmpfs: parameters of the file system.</summary>
    public IReadOnlyList<KeyValuePair<string, string?>> Options { get; init; } = [];

    /// <summary>Tmpfs: nodes and their directories are made in it, by paths inside the container below the subject.</summary>
    public IReadOnlyList<DeviceNode> Nodes { get; init; } = [];

    /// <summary>Tmpfs: what the root file system has at this place is copied into it.</summary>
    public bool CopiesUp { get; init; }

    public override string ToString()
    {
        string name = Kind.ToString().ToLowerInvariant();
        return StepText.Join(
            Kind switch
            {
                GivenKind.Cgroup => $"cgroup {Index}",
                GivenKind.Aside => $"aside {Index}",
                _ when Subject.Length > 0 => $"{name} {Subject}",
                _ => name,
            },
            IdMap?.ToString() ?? "",
            StepText.Options(Options),
            CopiesUp ? "with what is there" : "",
            string.Join(", ", Nodes.Select(node => $"{node.Path} {node.Describe()}")));
    }
}
