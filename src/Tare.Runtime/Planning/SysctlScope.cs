// SPDX-License-Identifier: Apache-2.0
using Tare.Oci.Runtime;

namespace Tare.Runtime.Planning;

/// <summary>Which namespace a kernel parameter belongs to; one that belongs to none is the host's.</summary>
/// <remarks>man sysctl(8), ipc_namespaces(7), network_namespaces(7)</remarks>
internal static class SysctlScope
{
    /// <summary>Kernel parameters that belong to the IPC namespace.</summary>
    private static readonly HashSet<string> Ipc = new(
        [
            "kernel.msgmax", "kernel.msgmnb", "kernel.msgmni", "kernel.sem", "kernel.shmall", "kernel.shmmax",
            "kernel.shmmni", "kernel.shm_rmid_forced",
        ],
        StringComparer.Ordinal);

    /// <param name="name">with dots or slashes</param>
    /// <returns>null: the host's, or no name</returns>
    public static NamespaceType? Of(string name)
    {
        string dotted = name.Replace('/', '.');
        return dotted switch
        {
            _ when dotted.Contains("..", StringComparison.Ordinal) || dotted.Contains('\0', StringComparison.Ordinal) => null,
            _ when dotted.StartsWith("net.", StringComparison.Ordinal) => NamespaceType.Network,
            _ when dotted.StartsWith("fs.mqueue.", StringComparison.Ordinal) => NamespaceType.Ipc,
            _ when Ipc.Contains(dotted) => NamespaceType.Ipc,
            "kernel.domainname" => NamespaceType.Uts,
            _ => null,
        };
    }
}
