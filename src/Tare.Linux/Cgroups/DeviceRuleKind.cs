// SPDX-License-Identifier: Apache-2.0
namespace Tare.Linux.Cgroups;

/// <summary>Which devices a rule speaks of; the values are BPF_DEVCG_DEV_* of linux/bpf.h.</summary>
internal enum DeviceRuleKind
{
    All = 0,
    Block = 1,
    Character = 2,
}
