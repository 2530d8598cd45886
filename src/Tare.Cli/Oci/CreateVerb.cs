// SPDX-License-Identifier: Apache-2.0
using Tare.Oci;
using Tare.Runtime.Lifecycle;

namespace Tare.Cli.Oci;

internal static class CreateVerb
{
    public static OciVerb Create() => new(
        "Make a container out of a bundle; its process waits for start", "[OPTIONS] CONTAINER", Act)
    {
        Flags = LaunchFlags.All,
        MinOperands = 1,
        MaxOperands = 1,
    };

    private static int Act(OciCall call)
    {
        OciLaunchRequest request = LaunchFlags.Request(call);
        if (request.Spec.Process is { Terminal: true } && request.ConsoleSocket is null)
        {
            throw new TareException(
                ErrorKind.InvalidArgument, "process.terminal: nobody would hold the terminal", "give one who does: --console-socket");
        }

        using var launch = new OciLaunch(request, awaitsStart: true);
        LaunchFlags.Warn(call, launch.Plan.Warnings);
        launch.Make();
        return 0;
    }
}
