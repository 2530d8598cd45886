// SPDX-License-Identifier: Apache-2.0
using System.Runtime.InteropServices;

namespace Tare.Linux.Processes;

/// <summary>struct clone_args of linux/sched.h, 88 bytes (Linux 5.7).</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct CloneArguments
{
    public ulong flags;
    public ulong pidfd;
    public ulong child_tid;
    public ulong parent_tid;
    public ulong exit_signal;
    public ulong stack;
    public ulong stack_size;
    public ulong tls;
    public ulong set_tid;
    public ulong set_tid_size;
    public ulong cgroup;
}
