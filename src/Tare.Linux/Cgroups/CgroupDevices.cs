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

    /// <summary>The program lives as long as the cgroup; programs of cgroups above it are asked too.</summary>
    internal static void AttachV2(string directory, IReadOnlyList<DeviceRule> rules)
    {
        using Fd program = Load(DeviceProgram.Compile(rules));
        using Fd cgroup = HostPath.OpenDirectory(directory);
        Libc.bpf_prog_attach attach = new()
        {
            target_fd = (uint)cgroup.Raw,
            attach_bpf_fd = (uint)program.Raw,
            attach_type = Libc.BPF_CGROUP_DEVICE,
            attach_flags = Libc.BPF_F_ALLOW_MULTI,
        };
        Libc.Check(
            Libc.syscall(SystemCall.bpf, Libc.BPF_PROG_ATTACH, (nint)(&attach), sizeof(Libc.bpf_prog_attach), 0, 0, 0),
            "attach device program",
            directory);
    }

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
