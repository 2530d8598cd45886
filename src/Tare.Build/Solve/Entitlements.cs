// SPDX-License-Identifier: Apache-2.0
using Tare.Build.Dockerfile;
using Tare.Build.Graph;
using Tare.Oci;

namespace Tare.Build.Solve;

/// <summary>Rights that a Dockerfile asks for and only whoever builds it can give: <c>--allow</c>.</summary>
/// <remarks>As BuildKit does, the whole graph is looked at before anything runs, also for steps whose results are there.</remarks>
internal static class Entitlements
{
    /// <summary>Null when all that a RUN asks for was given.</summary>
    public static TareException? WhyNot(SolveContext context, RunOperation run)
    {
        if (run.Security == RunSecurity.Insecure && !context.AllowsInsecure)
        {
            return new(
                ErrorKind.PermissionDenied,
                "security.insecure is not allowed",
                "a Dockerfile that may have all rights over this host is built with --allow security.insecure");
        }

        return run.Network == RunNetwork.Host && !context.AllowsHostNetwork
            ? new(
                ErrorKind.PermissionDenied,
                "network.host is not allowed",
                "a Dockerfile that may have it is built with --allow network.host")
            : null;
    }
}
