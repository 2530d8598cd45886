// SPDX-License-Identifier: Apache-2.0
using Tare.Oci.Runtime;

namespace Tare.Runtime.Specs;

/// <summary>Which filter a container gets: docker's default unless it is privileged, none, or the user's own.</summary>
internal static class ContainerSeccomp
{
    /// <exception cref="Oci.TareException">InvalidArgument for a malformed profile of the user's</exception>
    public static SeccompSpec? Choose(ContainerOptions options, IReadOnlyList<string> capabilities, HostFacts host)
    {
        SeccompProfile? profile = options.Security.Seccomp switch
        {
            SeccompChoice.Unconfined => null,
            SeccompChoice.Profile => SeccompProfileText.Parse(options.Security.SeccompProfile ?? ""),
            _ => options.Privileged ? null : SeccompProfile.Default,
        };
        return profile?.Resolve(host.Architecture, capabilities, host.Kernel);
    }
}
