// SPDX-License-Identifier: Apache-2.0
namespace Tare.Engine.Containers;

/// <summary>What a container is doing right now.</summary>
/// <param name="Kind">created, running, exited or dead</param>
/// <param name="Pid">of its first process on the host; 0 unless running</param>
/// <param name="ExitCode">0 unless exited</param>
/// <param name="StartedAt">null when it never ran</param>
/// <param name="FinishedAt">null unless exited</param>
/// <param name="OomKilled">the kernel ended a process of it for want of memory</param>
/// <param name="Error">why it could not be started, or empty</param>
internal sealed record ContainerStatus(
    ContainerStatusKind Kind,
    int Pid = 0,
    int ExitCode = 0,
    DateTimeOffset? StartedAt = null,
    DateTimeOffset? FinishedAt = null,
    bool OomKilled = false,
    string Error = "")
{
    /// <summary>The word of docker's State.Status.</summary>
    public string Word => Kind switch
    {
        ContainerStatusKind.Created => "created",
        ContainerStatusKind.Running => "running",
        ContainerStatusKind.Exited => "exited",
        _ => "dead",
    };
}
