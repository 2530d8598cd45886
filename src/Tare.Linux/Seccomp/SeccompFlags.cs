// SPDX-License-Identifier: Apache-2.0
namespace Tare.Linux.Seccomp;

/// <summary>SECCOMP_FILTER_FLAG_*, for seccomp(SECCOMP_SET_MODE_FILTER).</summary>
/// <remarks>man seccomp(2)</remarks>
[Flags]
internal enum SeccompFlags : uint
{
    None = 0,
    ThreadSync = 1,
    Log = 2,
    SpecAllow = 4,
    NewListener = 8,
    ThreadSyncNoSuchThread = 16,
    WaitKillableReceive = 32,
}
