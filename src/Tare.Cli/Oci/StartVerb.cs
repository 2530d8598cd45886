// SPDX-License-Identifier: Apache-2.0
using Tare.Runtime.Lifecycle;

namespace Tare.Cli.Oci;

internal static class StartVerb
{
    public static OciVerb Create() => new("Execute the program of a created container", "CONTAINER", Act)
    {
        MinOperands = 1,
        MaxOperands = 1,
    };

    private static int Act(OciCall call)
    {
        using OciContainer container = OciContainer.Open(call.Root, call.Operands[0], toChange: true);
        foreach (string warning in OciStart.Start(container))
        {
            call.Log.Warning(warning);
        }

        return 0;
    }
}
