// SPDX-License-Identifier: Apache-2.0
using System.Text;
using Tare.Linux.Files;

namespace Tare.Linux.Cgroups;

/// <summary>Gives a cgroup of the unified hierarchy to a user, who may then make cgroups below and move processes there.</summary>
/// <remarks>
/// kernel admin-guide/cgroup-v2.rst#delegation-containment; runtime-spec v1.3 config-linux.md#cgroup-ownership. The files
/// that limit the cgroup itself stay with root.
/// </remarks>
internal static class CgroupDelegation
{
    private const string ListOfKernel = "/sys/kernel/cgroup/delegate";
    private const int MaxListBytes = 64 << 10;

    /// <summary>What kernels without the list (before 4.15) have.</summary>
    private static ReadOnlySpan<byte> Usual => "cgroup.procs\ncgroup.subtree_control\ncgroup.threads"u8;

    /// <param name="directory">of the cgroup</param>
    /// <param name="uid">of the host; the group stays</param>
    internal static void Give(string directory, uint uid)
    {
        const uint Unchanged = uint.MaxValue;
        using Fd cgroup = HostPath.OpenDirectory(directory);
        cgroup.SetOwner(uid, Unchanged);
        ReadOnlySpan<byte> list = HostPath.TryReadAll(ListOfKernel, MaxListBytes) ?? Usual;
        foreach (Range line in list.Split((byte)'\n'))
        {
            // the list names files of controllers too, which this cgroup may not have
            string file = Encoding.ASCII.GetString(list[line]);
            if (file.Length > 0 && LimitFile.Exists(directory, file))
            {
                cgroup.SetOwner(list[line], uid, Unchanged);
            }
        }
    }
}
