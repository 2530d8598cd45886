// SPDX-License-Identifier: Apache-2.0
using Tare.Linux.Interop;
using Tare.Linux.Processes;
using Tare.Oci.Runtime;
using static Tare.Linux.Processes.ProgramConstants;

namespace Tare.Runtime.Planning.Steps;

/// <summary>Makes the container's terminal the controlling terminal of the session.</summary>
/// <param name="Size">in characters, or null to leave what it has</param>
internal sealed record ControllingTerminal(ConsoleSize? Size) : Step
{
    public override string Action => "take the controlling terminal";

    public override string Details => Size is null ? "" : $"{Size.Width}x{Size.Height}";

    internal override void Lower(Lowering to)
    {
        Slot terminal = to.Builder.Given((int)GivenKind.Stdin);
        to.Call(SystemCall.ioctl, terminal, TIOCSCTTY, 0);
        if (Size is not null)
        {
            to.Call(
                SystemCall.ioctl,
                terminal,
                TIOCSWINSZ,
                Arg.Block(Field.U16(Characters(Size.Height)), Field.U16(Characters(Size.Width)), Field.U32(0)));
        }
    }

    private static ushort Characters(ulong count) => (ushort)Math.Min(count, ushort.MaxValue);
}
