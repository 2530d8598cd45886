// SPDX-License-Identifier: Apache-2.0
using Tare.Oci;
using Tare.Oci.Runtime;
using Tare.Runtime.Planning;
using Tare.Runtime.Specs;

namespace Tare.Runtime.Tests.Specs;

public sealed class SeccompProfileTests
{
    private static readonly Version Kernel = new(6, 18);

    [Fact]
    public void The_default_denies_and_names_the_architectures_of_the_host()
    {
        SeccompSpec amd64 = SeccompProfile.Default.Resolve("amd64", [], Kernel);
        SeccompSpec arm64 = SeccompProfile.Default.Resolve("arm64", [], Kernel);

        Assert.Equal((SeccompAction.Errno, 1u), (amd64.DefaultAction, amd64.DefaultErrnoRet!.Value));
        Assert.Equal(["SCMP_ARCH_X86_64", "SCMP_ARCH_X86", "SCMP_ARCH_X32"], amd64.Architectures!);
        Assert.Equal(["SCMP_ARCH_AARCH64", "SCMP_ARCH_ARM"], arm64.Architectures!);
        Assert.True(Allows(amd64, "arch_prctl"));
        Assert.False(Allows(arm64, "arch_prctl"));
        Assert.True(Allows(arm64, "arm_fadvise64_64"));
        Assert.Throws<TareException>(() => SeccompProfile.Default.Resolve("mips", [], Kernel));
    }

    [Theory]
    [InlineData("mount", "CAP_SYS_ADMIN")]
    [InlineData("bpf", "CAP_SYS_ADMIN")]
    [InlineData("bpf", "CAP_BPF")]
    [InlineData("perf_event_open", "CAP_PERFMON")]
    [InlineData("reboot", "CAP_SYS_BOOT")]
    [InlineData("chroot", "CAP_SYS_CHROOT")]
    [InlineData("syslog", "CAP_SYSLOG")]
    [InlineData("open_by_handle_at", "CAP_DAC_READ_SEARCH")]
    public void A_capability_opens_the_calls_that_need_it(string call, string capability)
    {
        Assert.True(Denies(SeccompProfile.Default.Resolve("amd64", [], Kernel), call));
        Assert.True(Allows(SeccompProfile.Default.Resolve("amd64", [capability], Kernel), call));
        Assert.False(Denies(SeccompProfile.Default.Resolve("amd64", [capability], Kernel), call));
    }

    [Fact]
    public void Clone3_is_not_there_and_clone_makes_no_namespaces_without_sys_admin()
    {
        SeccompSpec spec = SeccompProfile.Default.Resolve("amd64", [], Kernel);

        SyscallRule clone3 = spec.Syscalls!.Single(rule => rule.Names.Contains("clone3"));
        SyscallRule clone = spec.Syscalls!.Single(rule => rule.Names.Contains("clone"));
        Assert.Equal((SeccompAction.Errno, 38u), (clone3.Action, clone3.ErrnoRet!.Value));
        Assert.Equal(new SyscallArgument(0, 0x7E020000, SeccompOperator.MaskedEqual), clone.Args!.Single());
        Assert.True(Allows(SeccompProfile.Default.Resolve("amd64", ["CAP_SYS_ADMIN"], Kernel), "clone3"));
    }

    [Theory]
    [InlineData("4.7", false)]
    [InlineData("4.8", true)]
    [InlineData("4.10", true)]
    [InlineData("6.18", true)]
    public void An_old_kernel_has_no_ptrace(string kernel, bool isAllowed) =>
        Assert.Equal(isAllowed, Allows(SeccompProfile.Default.Resolve("amd64", [], Version.Parse(kernel)), "ptrace"));

    [Fact]
    public void No_call_is_both_denied_as_known_and_decided_elsewhere()
    {
        foreach (string[] capabilities in (string[][])[[], ["CAP_SYS_ADMIN"], ["CAP_BPF", "CAP_SYS_TIME"]])
        {
            SeccompSpec spec = SeccompProfile.Default.Resolve("amd64", capabilities, Kernel);
            HashSet<string> denied = [.. spec.Syscalls![^1].Names];

            Assert.Equal(SeccompAction.Errno, spec.Syscalls[^1].Action);
            Assert.DoesNotContain(spec.Syscalls.SkipLast(1).SelectMany(rule => rule.Names), denied.Contains);
        }
    }

    [Fact]
    public void The_default_compiles_to_a_program_of_the_kernel()
    {
        byte[] program = SeccompTranslation.Compile(SeccompProfile.Default.Resolve("amd64", ["CAP_SYS_CHROOT"], Kernel));

        Assert.InRange(program.Length / 8, 100, 2000);
    }

    private static bool Allows(SeccompSpec spec, string call) =>
        spec.Syscalls!.Any(rule => rule.Action == SeccompAction.Allow && rule.Args is null && rule.Names.Contains(call));

    private static bool Denies(SeccompSpec spec, string call) =>
        spec.Syscalls!.Any(rule => rule.Action == SeccompAction.Errno && rule.Args is null && rule.Names.Contains(call));
}
