// SPDX-License-Identifier: Apache-2.0
using Tare.Cli.Arguments;
using Tare.Runtime.Lifecycle;

namespace Tare.Cli.Oci;

internal static class RunVerb
{
    private static readonly Flag<bool> Detach = Flag.Switch("-d, --detach", "Return when the program is executed");
    private static readonly Flag<bool> Keep = Flag.Switch("--keep", "Do not remove the container when it has ended");

    public static OciVerb Create() => new(
        "Make a container out of a bundle and run it", "[OPTIONS] CONTAINER", Act)
    {
        Flags = [.. LaunchFlags.All, Detach, Keep],
        MinOperands = 1,
        MaxOperands = 1,
    };

    private static int Act(OciCall call)
    {
        OciLaunchRequest request = LaunchFlags.Request(call);
        OciAttachment.Check(request.Spec.Process!, request.ConsoleSocket, call.Get(Detach));
        using var launch = new OciLaunch(request, OciRun.AwaitsStart(request.Spec));
        LaunchFlags.Warn(call, launch.Plan.Warnings);
        OciContainer container = OciRun.Start(launch, request.Spec, warnings => LaunchFlags.Warn(call, warnings));
        if (call.Get(Detach))
        {
            return 0;
        }

        int code = OciAttachment.Wait(launch.Process!, request.ConsoleSocket is null ? launch.Streams!.Terminal : null);
        if (!call.Get(Keep))
        {
            LaunchFlags.Warn(call, OciDelete.Delete(container, force: true));
        }

        return code;
    }
}
