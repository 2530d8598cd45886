// SPDX-License-Identifier: Apache-2.0
// sched_setattr(2), ioprio_set(2)
using Tare.Linux.Interop;

namespace Tare.Linux.Processes;

/// <summary>Scheduling of another process.</summary>
internal static unsafe class Scheduling
{
    /// <summary>Sets the policy of a process.</summary>
    /// <param name="pid">a child of ours, so that the number cannot be somebody else's</param>
    /// <param name="attributes">struct sched_attr, which begins with its own size</param>
    public static void Set(int pid, ReadOnlySpan<byte> attributes)
    {
        // SAFETY: the kernel reads as many bytes as the struct says of itself, and that is its length
        ArgumentOutOfRangeException.ThrowIfNotEqual(
            System.Buffers.Binary.BinaryPrimitives.ReadUInt32LittleEndian(attributes), (uint)attributes.Length);
        fixed (byte* p = attributes)
        {
            Libc.Check(Libc.syscall(SystemCall.sched_setattr, pid, (nint)p, 0, 0, 0, 0), "sched_setattr");
        }
    }

    /// <summary>Sets the block I/O priority of a process.</summary>
    /// <param name="pid">a child of ours</param>
    /// <param name="priority">class and level as ioprio_set takes them</param>
    public static void SetIo(int pid, int priority) => Libc.Check(
        Libc.syscall(SystemCall.ioprio_set, ProgramConstants.IOPRIO_WHO_PROCESS, pid, priority, 0, 0, 0), "ioprio_set");
}
