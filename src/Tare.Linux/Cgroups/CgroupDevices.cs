// SPDX-License-Identifier: Apache-2.0
using Tare.Linux.Files;
using Tare.Linux.Interop;

namespace Tare.Linux.Cgroups;

/// <summary>Puts device rules in force: the devices controller of v1, or a BPF program on a v2 cgroup.</summary>
internal static unsafe class CgroupDevices
{
    internal static void WriteV1(string directory, IReadOnlyList<DeviceRule> rules)
    {
        string allowPath = $"{directory}/devices.allow";
        string denyPath = $"{directory}/devices.deny";
        using Fd allow = HostPath.Open(allowPath, OpenFlags.WriteOnly);
        using Fd deny = HostPath.Open(denyPath, OpenFlags.WriteOnly);

        // a new cgroup allows what its parent does
        CgroupFile.Write(deny, denyPath, "a");
        foreach (DeviceRule rule in rules)
        {
            Fd knob = rule.IsAllowed ? allow : deny;
            string path = rule.IsAllowed ? allowPath : denyPath;
            if (rule.IsEverything)
            {
                CgroupFile.Write(knob, path, "a");
                continue;
            }

            // the kernel reads "a" as everything whatever stands behind it
            if (rule.Kind != DeviceRuleKind.Block)
            {
                CgroupFile.Write(knob, path, rule.ToLine(DeviceRuleKind.Character));
            }

            if (rule.Kind != DeviceRuleKind.Character)
            {
                CgroupFile.Write(knob, path, rule.ToLine(DeviceRuleKind.Block));
            }
        }
    }

    /// <summary>Puts the rules in the place of those that are in force, at once where the kernel can (Linux 5.6).</summary>
    /// <remarks>The program lives as long as the cgroup; programs of cgroups above it are asked too.</remarks>
    internal static void ReplaceV2(string directory, IReadOnlyList<DeviceRule> rules)
    {
        using Fd program = Load(DeviceProgram.Compile(rules));
        using Fd cgroup = HostPath.OpenDirectory(directory);
        List<Fd> old = Attached(cgroup, directory);
        try
        {
            if (old.Count == 1 && TryAttach(cgroup, program, old[0], directory))
            {
                return;
            }

            // both are asked for a moment, which allows less, never more
            TryAttach(cgroup, program, null, directory);
            old.ForEach(one => Detach(cgroup, one, directory));
        }
        finally
        {
            old.ForEach(one => one.Dispose());
        }
    }

    /// <summary>False when the kernel cannot replace (EINVAL).</summary>
    private static bool TryAttach(Fd cgroup, Fd program, Fd? replaced, string directory)
    {
        Libc.bpf_prog_attach attach = new()
        {
            target_fd = (uint)cgroup.Raw,
            attach_bpf_fd = (uint)program.Raw,
            attach_type = Libc.BPF_CGROUP_DEVICE,
            attach_flags = Libc.BPF_F_ALLOW_MULTI | (replaced is null ? 0 : Libc.BPF_F_REPLACE),
            replace_bpf_fd = (uint)(replaced?.Raw ?? 0),
        };
        nint result = Call(Libc.BPF_PROG_ATTACH, &attach, sizeof(Libc.bpf_prog_attach));
        if (result < 0 && replaced is not null && Libc.LastErrno == Errno.EINVAL)
        {
            return false;
        }

        Libc.Check(result, "attach device program", directory);
        return true;
    }

    private static void Detach(Fd cgroup, Fd program, string directory)
    {
        Libc.bpf_prog_attach detach = new()
        {
            target_fd = (uint)cgroup.Raw,
            attach_bpf_fd = (uint)program.Raw,
            attach_type = Libc.BPF_CGROUP_DEVICE,
        };
        Libc.Check(
            Call(Libc.BPF_PROG_DETACH, &detach, sizeof(Libc.bpf_prog_attach)), "detach device program", directory);
    }

    /// <summary>The device programs of this cgroup itself.</summary>
    private static List<Fd> Attached(Fd cgroup, string directory)
    {
        uint* ids = stackalloc uint[Libc.BPF_CGROUP_MAX_PROGS];
        Libc.bpf_prog_query query = new()
        {
            target_fd = (uint)cgroup.Raw,
            attach_type = Libc.BPF_CGROUP_DEVICE,
            prog_ids = (ulong)ids,
            prog_cnt = Libc.BPF_CGROUP_MAX_PROGS,
        };
        Libc.Check(
            Call(Libc.BPF_PROG_QUERY, &query, sizeof(Libc.bpf_prog_query)), "query device programs", directory);
        List<Fd> found = [];
        for (int i = 0; i < query.prog_cnt; i++)
        {
            Libc.bpf_by_id byId = new() { id = ids[i] };
            nint fd = Call(Libc.BPF_PROG_GET_FD_BY_ID, &byId, sizeof(Libc.bpf_by_id));
            found.Add(new Fd((int)Libc.Check(fd, "open device program", directory)));
        }

        return found;
    }

    private static nint Call(int command, void* attributes, int size) =>
        Libc.syscall(SystemCall.bpf, command, (nint)attributes, size, 0, 0, 0);

    private static Fd Load(byte[] instructions)
    {
        // SAFETY: the kernel copies the instructions and the licence text during the call
        fixed (byte* code = instructions, license = "Apache-2.0\0"u8)
        {
            Libc.bpf_prog_load load = new()
            {
                prog_type = Libc.BPF_PROG_TYPE_CGROUP_DEVICE,
                insn_cnt = (uint)instructions.Length / 8,
                insns = (ulong)code,
                license = (ulong)license,
                expected_attach_type = Libc.BPF_CGROUP_DEVICE,
            };
            return new Fd((int)Libc.Check(
                Libc.syscall(SystemCall.bpf, Libc.BPF_PROG_LOAD, (nint)(&load), sizeof(Libc.bpf_prog_load), 0, 0, 0),
                "load device program"));
        }
    }
}
