// SPDX-License-Identifier: Apache-2.0
using Tare.Cli.Arguments;
using Tare.Linux.Processes;
using Tare.Oci;
using Tare.Runtime.Lifecycle;

namespace Tare.Cli.Oci;

internal static class KillVerb
{
    private static readonly Flag<bool> All = Flag.Switch("-a, --all", "To all processes, not the first one alone");

    public static OciVerb Create() => new("Send a signal (default SIGTERM)", "[OPTIONS] CONTAINER [SIGNAL]", Act)
    {
        Flags = [All],
        MinOperands = 1,
        MaxOperands = 2,
    };

    private static int Act(OciCall call)
    {
        string text = call.Operands.Count > 1 ? call.Operands[1] : "SIGTERM";
        if (!Signals.TryParse(text, out int signal))
        {
            throw new TareException(ErrorKind.InvalidArgument, $"unknown signal {Quoted.Text(text)}");
        }

        using OciContainer container = OciContainer.Open(call.Root, call.Operands[0], toChange: false);
        OciKill.Send(container, signal, call.Get(All));
        return 0;
    }
}
