// SPDX-License-Identifier: Apache-2.0
using Tare.Cli.Arguments;
using Tare.Runtime.Bundles;
using Tare.Runtime.Lifecycle;

namespace Tare.Cli.Oci;

/// <summary><c>tare oci plan</c>: all that <c>create</c> would have the container's process do, before anything is
/// made.</summary>
internal static class PlanVerb
{
    /// <summary>Stands for the container's id, which the plan does not depend on.</summary>
    private const string AnyId = "plan";

    private static readonly Flag<string?> BundlePath = LaunchFlags.BundlePath;

    public static OciVerb Create() => new("Print the steps that make a container of a bundle, and make nothing", "[OPTIONS]", Act)
    {
        Flags = [BundlePath],
    };

    private static int Act(OciCall call)
    {
        Bundle bundle = Bundle.Open(call.Get(BundlePath) ?? ".");
        using var launch = new OciLaunch(new(call.Root, AnyId, bundle.Folder, bundle.Spec, bundle.Config), awaitsStart: true);
        call.Output.Write(launch.Plan.ToString());
        return 0;
    }
}
