// SPDX-License-Identifier: Apache-2.0
using Tare.Oci;

namespace Tare.Runtime.Specs;

/// <summary>Kernel parameters of a container: only those that belong to its own namespaces.</summary>
internal static class ContainerSysctls
{
    private const int MaxValueLength = 4096;

    /// <summary>Docker's two conveniences on a network of the container's own (ping and low ports without
    /// capabilities),
    /// then the user's.</summary>
    /// <exception cref="TareException">InvalidArgument for a parameter of the host's</exception>
    public static IReadOnlyDictionary<string, string>? Compose(ContainerOptions options)
    {
        SortedDictionary<string, string> sysctls = new(StringComparer.Ordinal);
        bool hasNetwork = options.Network != NetworkMode.Host && options.NetworkPath is null;
        if (hasNetwork)
        {
            sysctls["net.ipv4.ip_unprivileged_port_start"] = "0";
            sysctls["net.ipv4.ping_group_range"] = "0 2147483647";
        }
        foreach ((string name, string value) in options.Sysctls)
        {
            if (!IsOfNamespace(name, hasNetwork) || value.Length > MaxValueLength
                || value.AsSpan().ContainsAny('\0', '\n'))
            {
                throw new TareException(
                    ErrorKind.InvalidArgument, $"sysctl {Quoted.Text($"{name}={value}")} is not allowed");
            }
            sysctls[name] = value;
        }
        return sysctls.Count == 0 ? null : sysctls;
    }

    private static bool IsOfNamespace(string name, bool hasNetwork) => name switch
    {
        "kernel.msgmax" or "kernel.msgmnb" or "kernel.msgmni" or "kernel.sem" or "kernel.shmall" or "kernel.shmmax"
            or "kernel.shmmni" or "kernel.shm_rmid_forced" => true,
        _ => (name.StartsWith("fs.mqueue.", StringComparison.Ordinal)
                || (hasNetwork && name.StartsWith("net.", StringComparison.Ordinal)))
            && IsPath(name),
    };

    /// <summary>Dots become slashes below /proc/sys, so parts must be names and never "..".</summary>
    private static bool IsPath(string name) =>
        Array.TrueForAll(name.Split('.'), static part => part.Length > 0 && !part.AsSpan().ContainsAny('/', '\0'));
}
