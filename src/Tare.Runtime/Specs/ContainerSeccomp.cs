// SPDX-License-Identifier: Apache-2.0
using Tare.Oci.Runtime;

namespace Tare.Runtime.Specs;

/// <summary>Which filter a container gets: docker's default unless it is privileged, none, or the user's own.</summary>
internal static class ContainerSeccomp
{
    /// <exception cref="Oci.TareException">InvalidArgument for a malformed profile of the user's</exception>
    public static SeccompSpec? Choose(ContainerOptions options, IReadOnlyList<string> capabilities, HostFacts host)
    {
        if (options.Security.Seccomp == SeccompChoice.Profile)
        {
            return SeccompProfileText.Parse(options.Security.SeccompProfile ?? "")
                .Resolve(host.Architecture, capabilities, host.Kernel);
        }
        return options.Privileged || options.Security.Seccomp == SeccompChoice.Unconfined
            ? null
            : DefaultSeccompRules.TrySpec(capabilities, host)
                ?? SeccompProfile.Default.Resolve(host.Architecture, capabilities, host.Kernel);
    }
}
