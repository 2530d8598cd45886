// SPDX-License-Identifier: Apache-2.0
using Tare.Cli.Arguments;
using Tare.Runtime.Lifecycle;

namespace Tare.Cli.Oci;

internal static class DeleteVerb
{
    private static readonly Flag<bool> Force = Flag.Switch("-f, --force", "Kill what runs; no error when there is no such container");

    public static OciVerb Create() => new("Remove what a stopped container has", "[OPTIONS] CONTAINER", Act)
    {
        Flags = [Force],
        MinOperands = 1,
        MaxOperands = 1,
    };

    private static int Act(OciCall call)
    {
        bool force = call.Get(Force);
        string id = call.Operands[0];
        using OciContainer? container = force
            ? OciContainer.TryOpen(call.Root, id, toChange: true)
            : OciContainer.Open(call.Root, id, toChange: true);
        foreach (string warning in container is null ? [] : OciDelete.Delete(container, force))
        {
            call.Log.Warning(warning);
        }

        return 0;
    }
}
