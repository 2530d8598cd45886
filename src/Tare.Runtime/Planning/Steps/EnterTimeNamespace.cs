// SPDX-License-Identifier: Apache-2.0
using System.Text;
using Tare.Linux.Interop;
using Tare.Linux.Processes;
using static Tare.Linux.Processes.ProgramConstants;

namespace Tare.Runtime.Planning.Steps;

/// <summary>Moves the clocks of the new time namespace and enters it.</summary>
/// <param name="Offsets">lines of timens_offsets, without the last line end; empty leaves them</param>
/// <remarks>
/// man time_namespaces(7): the offsets can be set until a process is in it. The private procfs has no name, so that
/// its link to the namespace leads nowhere else.
/// </remarks>
internal sealed record EnterTimeNamespace(string Offsets) : Step
{
    public override string Action => "enter the time namespace";

    public override string Details => Offsets.Replace('\n', ',');

    internal override void Lower(Lowering to)
    {
        if (Offsets.Length > 0)
        {
            to.WriteProc("self/timens_offsets", Encoding.ASCII.GetBytes(Offsets + "\n"));
        }

        Slot made = to.Get(
            SystemCall.openat, to.Proc, Arg.Text("self/ns/time_for_children"), O_RDONLY | O_CLOEXEC);
        to.Call(SystemCall.setns, made, (long)CLONE_NEWTIME);
        to.Close(made);
    }
}
