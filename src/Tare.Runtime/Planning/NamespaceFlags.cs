// SPDX-License-Identifier: Apache-2.0
using Tare.Oci.Runtime;
using static Tare.Linux.Processes.ProgramConstants;

namespace Tare.Runtime.Planning;

/// <summary>Kinds of namespaces in the bits of clone(2) and the words of the specification.</summary>
internal static class NamespaceFlags
{
    public static ulong Of(NamespaceType type) => type switch
    {
        NamespaceType.Mount => CLONE_NEWNS,
        NamespaceType.Pid => CLONE_NEWPID,
        NamespaceType.Network => CLONE_NEWNET,
        NamespaceType.Uts => CLONE_NEWUTS,
        NamespaceType.Ipc => CLONE_NEWIPC,
        NamespaceType.User => CLONE_NEWUSER,
        NamespaceType.Cgroup => CLONE_NEWCGROUP,
        NamespaceType.Time => CLONE_NEWTIME,
        _ => throw new ArgumentOutOfRangeException(nameof(type)),
    };

    public static string Name(NamespaceType type) => type switch
    {
        NamespaceType.Mount => "mount",
        NamespaceType.Pid => "pid",
        NamespaceType.Network => "network",
        NamespaceType.Uts => "uts",
        NamespaceType.Ipc => "ipc",
        NamespaceType.User => "user",
        NamespaceType.Cgroup => "cgroup",
        NamespaceType.Time => "time",
        _ => throw new ArgumentOutOfRangeException(nameof(type)),
    };
}
