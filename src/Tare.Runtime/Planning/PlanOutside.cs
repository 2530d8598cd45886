// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using System.Text;
using Tare.Oci.Runtime;
using Tare.Runtime.Planning.Steps;

namespace Tare.Runtime.Planning;

/// <summary>What the starter does to the process from outside while it waits at <see cref="WaitForGo"/>; pure data.</summary>
/// <param name="UidMap">users of the process's user namespace</param>
/// <param name="GidMap">groups</param>
/// <remarks>
/// In a user namespace of its own a process has no rights over the host: what the host alone may give comes from here.
/// Carried out by <c>Starting.Outside</c>.
/// </remarks>
internal sealed record PlanOutside(IReadOnlyList<IdMapping> UidMap, IReadOnlyList<IdMapping> GidMap)
{
    /// <summary>The namespace has its maps already: it is joined.</summary>
    public bool IsMapped { get; init; }

    /// <summary>Hard limits that must be at least this high before the process sets its own.</summary>
    public IReadOnlyList<SetRlimit> Limits { get; init; } = [];

    /// <summary>oom_score_adj, or null to leave it.</summary>
    public int? OomScore { get; init; }

    /// <summary>CPU scheduling, or null to leave it.</summary>
    public SetScheduler? Scheduler { get; init; }

    /// <summary>Block I/O scheduling, or null to leave it.</summary>
    public SetIoPriority? IoPriority { get; init; }

    /// <summary>Lines of timens_offsets, or null to leave them.</summary>
    public string? TimeOffsets { get; init; }

    /// <summary>The process has something to make first, and tells when it has.</summary>
    public bool AwaitsTold => TimeOffsets is not null;

    /// <summary>What an id of the container's user is on the host; null: nobody.</summary>
    public uint? HostUid(uint uid) => IdRanges.Find(UidMap, uid);

    /// <summary>What an id of the container's group is on the host; null: nobody.</summary>
    public uint? HostGid(uint gid) => IdRanges.Find(GidMap, gid);

    /// <summary>One line each, as a printed plan shows them.</summary>
    public IEnumerable<string> Lines()
    {
        if (!IsMapped)
        {
            yield return $"map users {MountIdMap.Text(UidMap)}";
            yield return $"map groups {MountIdMap.Text(GidMap)}";
        }

        foreach (SetRlimit limit in Limits)
        {
            yield return $"allow to {limit}";
        }

        foreach (string? line in new[]
        {
            OomScore is { } score ? new SetOomScore(score).ToString() : null,
            Scheduler?.ToString(),
            IoPriority?.ToString(),
            TimeOffsets is null ? null : $"move the clocks: {TimeOffsets.Replace('\n', ',')}",
        })
        {
            if (line is not null)
            {
                yield return line;
            }
        }
    }

    /// <summary>A map as the files of procfs take it.</summary>
    public static string MapText(IReadOnlyList<IdMapping> map)
    {
        var text = new StringBuilder();
        foreach (IdMapping range in map)
        {
            text.Append(CultureInfo.InvariantCulture, $"{range.ContainerId} {range.HostId} {range.Size}\n");
        }

        return text.ToString();
    }
}
