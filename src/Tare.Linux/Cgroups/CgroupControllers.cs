// SPDX-License-Identifier: Apache-2.0
namespace Tare.Linux.Cgroups;

/// <summary>The parts of the kernel that count or limit by cgroup.</summary>
/// <remarks>man cgroups(7)</remarks>
[Flags]
internal enum CgroupControllers
{
    None = 0,
    Cpu = 1,
    CpuAccount = 2,
    Cpuset = 4,
    Memory = 8,
    Devices = 16,
    Freezer = 32,
    BlockIo = 64,
    Pids = 128,
    HugeTlb = 256,
    NetClass = 512,
    NetPriority = 1024,
    PerfEvent = 2048,
    Rdma = 4096,
    Misc = 8192,
}
