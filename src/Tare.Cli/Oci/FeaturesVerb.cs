// SPDX-License-Identifier: Apache-2.0
using System.Text.Json;
using Tare.Linux;
using Tare.Oci.Runtime;
using Tare.Runtime.Bundles;

namespace Tare.Cli.Oci;

/// <summary><c>tare oci features</c>: what this runtime can do, for whoever writes the configs.</summary>
internal static class FeaturesVerb
{
    public static OciVerb Create() => new("Print what this runtime can do, as JSON", "", Act);

    private static int Act(OciCall call)
    {
        Features features = FeatureList.Of(Release.Version, Host.Read().Kernel);
        call.Output.WriteLine(JsonSerializer.Serialize(features, RuntimeJson.Indented.Features));
        return 0;
    }
}
