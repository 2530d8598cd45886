// SPDX-License-Identifier: Apache-2.0
namespace Tare.Runtime.Planning;

/// <summary>A descriptor that the starter hands over, at the position that it has in <see cref="LaunchPlan.Given"/>.</summary>
/// <param name="Kind">what it must be</param>
/// <param name="Subject">the path it is opened from where the plan knows one, else empty</param>
/// <param name="Index">Bind: index into the spec's mounts. Cgroup, CgroupTree: which of the v1 hierarchies, from 0. Else 0</param>
internal sealed record GivenFd(GivenKind Kind, string Subject = "", int Index = 0)
{
    public override string ToString() => Kind switch
    {
        GivenKind.Cgroup => $"cgroup {Index}",
        _ when Subject.Length > 0 => $"{Kind.ToString().ToLowerInvariant()} {Subject}",
        _ => Kind.ToString().ToLowerInvariant(),
    };
}
