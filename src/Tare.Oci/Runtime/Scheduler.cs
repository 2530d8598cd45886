// SPDX-License-Identifier: Apache-2.0
namespace Tare.Oci.Runtime;

/// <summary>CPU scheduling of a process.</summary>
/// <param name="Policy">name as in C, such as <c>SCHED_BATCH</c></param>
/// <remarks>runtime-spec v1.3 config.md#linux-process; man sched_setattr(2)</remarks>
internal sealed record Scheduler(string Policy)
{
    /// <summary>Nice value for SCHED_OTHER and SCHED_BATCH, −20 to 19.</summary>
    public int Nice { get; init; }

    /// <summary>Static priority for SCHED_FIFO and SCHED_RR.</summary>
    public int Priority { get; init; }

    /// <summary>Names as in C, such as <c>SCHED_FLAG_RESET_ON_FORK</c>.</summary>
    public IReadOnlyList<string>? Flags { get; init; }

    /// <summary>SCHED_DEADLINE: ns of CPU per period.</summary>
    public ulong Runtime { get; init; }

    /// <summary>SCHED_DEADLINE: ns until the runtime must have been received.</summary>
    public ulong Deadline { get; init; }

    /// <summary>SCHED_DEADLINE: length of the period in ns.</summary>
    public ulong Period { get; init; }
}
