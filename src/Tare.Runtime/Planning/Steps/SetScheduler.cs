// SPDX-License-Identifier: Apache-2.0
using System.Buffers.Binary;
using Tare.Linux.Interop;
using Tare.Linux.Processes;
using Tare.Oci.Runtime;

namespace Tare.Runtime.Planning.Steps;

/// <summary>Sets CPU scheduling.</summary>
/// <param name="Scheduler">as the spec has it</param>
/// <param name="Policy">number of the policy</param>
/// <param name="Flags">SCHED_FLAG_*</param>
internal sealed record SetScheduler(Scheduler Scheduler, uint Policy, ulong Flags) : Step
{
    private const int AttributesSize = 48; // SCHED_ATTR_SIZE_VER0

    public override string Action => $"set scheduler {Scheduler.Policy}";

    internal override void Lower(Lowering to) =>
        to.Call(SystemCall.sched_setattr, 0, Arg.Bytes(Attributes()), 0);

    /// <summary>struct sched_attr.</summary>
    internal byte[] Attributes()
    {
        byte[] attributes = new byte[AttributesSize];
        BinaryPrimitives.WriteUInt32LittleEndian(attributes, AttributesSize);
        BinaryPrimitives.WriteUInt32LittleEndian(attributes.AsSpan(4), Policy);
        BinaryPrimitives.WriteUInt64LittleEndian(attributes.AsSpan(8), Flags);
        BinaryPrimitives.WriteInt32LittleEndian(attributes.AsSpan(16), Scheduler.Nice);
        BinaryPrimitives.WriteInt32LittleEndian(attributes.AsSpan(20), Scheduler.Priority);
        BinaryPrimitives.WriteUInt64LittleEndian(attributes.AsSpan(24), Scheduler.Runtime);
        BinaryPrimitives.WriteUInt64LittleEndian(attributes.AsSpan(32), Scheduler.Deadline);
        BinaryPrimitives.WriteUInt64LittleEndian(attributes.AsSpan(40), Scheduler.Period);
        return attributes;
    }
}
