// SPDX-License-Identifier: Apache-2.0
namespace Tare.Engine.Containers;

/// <summary>What a container is doing right now.</summary>
/// <param name="Kind">created, running, paused or exited</param>
/// <param name="Pid">of its first process on the host; 0 unless running</param>
/// <param name="ExitCode">0 unless exited</param>
/// <param name="StartedAt">null when it never ran</param>
/// <param name="FinishedAt">when its last run ended, if one has</param>
/// <param name="OomKilled">the kernel ended a process of it for want of memory</param>
/// <param name="Error">why it could not be started, or how it was lost; or empty</param>
/// <param name="IsUnkept">it runs, and its keeper was killed: see <see cref="Adoption"/></param>
/// <param name="FirstUser">what its root is on the host while it runs; 0: in the host's user namespace</param>
internal sealed record ContainerStatus(
    ContainerStatusKind Kind,
    int Pid = 0,
    int ExitCode = 0,
    DateTimeOffset? StartedAt = null,
    DateTimeOffset? FinishedAt = null,
    bool OomKilled = false,
    string Error = "",
    bool IsUnkept = false,
    uint FirstUser = 0)
{
    /// <summary>It has processes.</summary>
    public bool IsLive => Kind is ContainerStatusKind.Running or ContainerStatusKind.Paused;

    /// <summary>The word of docker's State.Status.</summary>
    public string Word => Kind switch
    {
        ContainerStatusKind.Created => "created",
        ContainerStatusKind.Running => "running",
        ContainerStatusKind.Paused => "paused",
        _ => "exited",
    };
}
