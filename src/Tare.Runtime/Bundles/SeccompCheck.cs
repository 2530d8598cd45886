// SPDX-License-Identifier: Apache-2.0
using Tare.Oci.Runtime;
using Tare.Runtime.Planning;

namespace Tare.Runtime.Bundles;

/// <summary>The filter of system calls.</summary>
/// <remarks>runtime-spec v1.3 config-linux.md#seccomp</remarks>
internal static class SeccompCheck
{
    private const int MaxErrno = 4095;
    private const int MaxArgument = 5;

    /// <summary>Of every machine; a profile is written for many.</summary>
    private static readonly string[] Architectures =
    [
        "SCMP_ARCH_X86", "SCMP_ARCH_X86_64", "SCMP_ARCH_X32", "SCMP_ARCH_ARM", "SCMP_ARCH_AARCH64",
        "SCMP_ARCH_LOONGARCH64", "SCMP_ARCH_M68K", "SCMP_ARCH_MIPS", "SCMP_ARCH_MIPS64", "SCMP_ARCH_MIPS64N32",
        "SCMP_ARCH_MIPSEL", "SCMP_ARCH_MIPSEL64", "SCMP_ARCH_MIPSEL64N32", "SCMP_ARCH_PPC", "SCMP_ARCH_PPC64",
        "SCMP_ARCH_PPC64LE", "SCMP_ARCH_S390", "SCMP_ARCH_S390X", "SCMP_ARCH_SH", "SCMP_ARCH_SHEB",
        "SCMP_ARCH_PARISC", "SCMP_ARCH_PARISC64", "SCMP_ARCH_RISCV64",
    ];

    public static void Check(SeccompSpec? filter)
    {
        if (filter is null)
        {
            return;
        }

        CheckErrno("linux.seccomp.defaultErrnoRet", filter.DefaultAction, filter.DefaultErrnoRet);
        for (int i = 0; i < filter.Architectures?.Count; i++)
        {
            SpecFault.WantOneOf($"linux.seccomp.architectures[{i}]", "architecture", filter.Architectures[i], Architectures);
        }

        for (int i = 0; i < filter.Flags?.Count; i++)
        {
            SpecFault.WantOneOf($"linux.seccomp.flags[{i}]", "flag", filter.Flags[i], [.. SeccompTranslation.KnownFlags]);
        }

        for (int i = 0; i < filter.Syscalls?.Count; i++)
        {
            CheckRule(filter.Syscalls[i], $"linux.seccomp.syscalls[{i}]");
        }

        CheckListener(filter);
    }

    private static void CheckRule(SyscallRule rule, string at)
    {
        if (rule.Names.Count == 0)
        {
            throw SpecFault.At($"{at}.names", "names no system call");
        }

        CheckErrno($"{at}.errnoRet", rule.Action, rule.ErrnoRet);
        for (int i = 0; i < rule.Args?.Count; i++)
        {
            SpecFault.WantWithin($"{at}.args[{i}].index", rule.Args[i].Index, 0, MaxArgument);
        }
    }

    /// <summary>"When the action doesn't support an errno, the runtime MUST print and error and fail."</summary>
    private static void CheckErrno(string at, SeccompAction action, uint? errno)
    {
        if (errno is not { } number)
        {
            return;
        }

        SpecFault.WantWithin(at, number, 0, MaxErrno);
        if (action is not (SeccompAction.Errno or SeccompAction.Trace))
        {
            throw SpecFault.At(at, "only SCMP_ACT_ERRNO and SCMP_ACT_TRACE have one");
        }
    }

    private static void CheckListener(SeccompSpec filter)
    {
        bool hasListener = filter.ListenerPath is { Length: > 0 };
        if (!hasListener && filter.ListenerMetadata is { Length: > 0 })
        {
            throw SpecFault.At("linux.seccomp.listenerMetadata", "needs a listenerPath");
        }

        if (filter.DefaultAction == SeccompAction.Notify)
        {
            throw SpecFault.At("linux.seccomp.defaultAction", "SCMP_ACT_NOTIFY would wait for itself");
        }

        if (!hasListener && (filter.Syscalls?.Any(rule => rule.Action == SeccompAction.Notify) ?? false))
        {
            throw SpecFault.At("linux.seccomp.listenerPath", "missing, though a rule has the action SCMP_ACT_NOTIFY");
        }
    }
}
