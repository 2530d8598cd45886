// SPDX-License-Identifier: Apache-2.0
namespace Tare.Linux.Cgroups;

/// <summary>What can be done with a device; the values are BPF_DEVCG_ACC_* of linux/bpf.h.</summary>
[Flags]
internal enum DeviceAccess
{
    None = 0,
    MakeNode = 1,
    Read = 2,
    Write = 4,
}
