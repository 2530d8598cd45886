// SPDX-License-Identifier: Apache-2.0
// bpf(2), linux/bpf.h
using System.Runtime.InteropServices;

namespace Tare.Linux.Interop;

internal static unsafe partial class Libc
{
    internal const int BPF_PROG_LOAD = 5;
    internal const int BPF_PROG_ATTACH = 8;
    internal const int BPF_PROG_DETACH = 9;
    internal const int BPF_PROG_GET_FD_BY_ID = 13;
    internal const int BPF_PROG_QUERY = 16;
    internal const int BPF_CGROUP_MAX_PROGS = 64;
    internal const uint BPF_PROG_TYPE_CGROUP_DEVICE = 15;
    internal const uint BPF_CGROUP_DEVICE = 6;
    internal const uint BPF_F_ALLOW_MULTI = 2;
    internal const uint BPF_F_REPLACE = 4;

    /// <summary>union bpf_attr, the part of BPF_PROG_LOAD up to expected_attach_type.</summary>
    [StructLayout(LayoutKind.Sequential)]
    internal struct bpf_prog_load
    {
        public uint prog_type;
        public uint insn_cnt;
        public ulong insns;
        public ulong license;
        public uint log_level;
        public uint log_size;
        public ulong log_buf;
        public uint kern_version;
        public uint prog_flags;
        public ulong prog_name_0;
        public ulong prog_name_1;
        public uint prog_ifindex;
        public uint expected_attach_type;
    }

    /// <summary>union bpf_attr, the part of BPF_PROG_ATTACH up to replace_bpf_fd.</summary>
    [StructLayout(LayoutKind.Sequential)]
    internal struct bpf_prog_attach
    {
        public uint target_fd;
        public uint attach_bpf_fd;
        public uint attach_type;
        public uint attach_flags;
        public uint replace_bpf_fd;
    }

    /// <summary>union bpf_attr, the part of BPF_PROG_QUERY up to prog_cnt.</summary>
    [StructLayout(LayoutKind.Sequential)]
    internal struct bpf_prog_query
    {
        public uint target_fd;
        public uint attach_type;
        public uint query_flags;
        public uint attach_flags;
        public ulong prog_ids;
        public uint prog_cnt;
    }

    /// <summary>union bpf_attr, the part of BPF_PROG_GET_FD_BY_ID.</summary>
    [StructLayout(LayoutKind.Sequential)]
    internal struct bpf_by_id
    {
        public uint id;
        public uint next_id;
        public uint open_flags;
    }
}
