// SPDX-License-Identifier: Apache-2.0
using Tare.Linux.Interop;
using Tare.Linux.Processes;

namespace Tare.Runtime.Planning.Steps;

/// <summary>Binds the process to processors.</summary>
/// <param name="Cpus">list, such as <c>0-3,7</c></param>
/// <param name="Mask">the same as cpu_set_t</param>
/// <remarks>man sched_setaffinity(2); runtime-spec v1.3 config.md#linux-process, execCPUAffinity</remarks>
internal sealed record SetAffinity(string Cpus, ReadOnlyMemory<byte> Mask) : Step
{
    public override string Action => $"run on processors {Cpus}";

    internal override void Lower(Lowering to) =>
        to.Call(SystemCall.sched_setaffinity, 0, Mask.Length, Arg.Bytes(Mask.Span));
}
