// SPDX-License-Identifier: Apache-2.0
using Tare.Linux;
using Tare.Linux.Seccomp;
using Tare.Oci;
using Tare.Oci.Runtime;
using Comparison = Tare.Linux.Seccomp.SeccompComparison;
using LinuxOperator = Tare.Linux.Seccomp.SeccompOperator;
using SpecOperator = Tare.Oci.Runtime.SeccompOperator;

namespace Tare.Runtime.Planning;

/// <summary>Compiles the filter of a spec to the kernel's program.</summary>
/// <remarks>runtime-spec v1.3 config-linux.md#seccomp</remarks>
internal static class SeccompTranslation
{
    /// <summary>Arguments of a system call.</summary>
    private const uint MaxArguments = 6;

    /// <summary>Architectures by the names of libseccomp; others are passed over, because they are not this machine's.</summary>
    private static readonly Dictionary<string, SeccompArchitecture> Architectures = new(StringComparer.Ordinal)
    {
        ["SCMP_ARCH_X86_64"] = SeccompArchitecture.X86_64,
        ["SCMP_ARCH_X86"] = SeccompArchitecture.I386,
        ["SCMP_ARCH_X32"] = SeccompArchitecture.X32,
        ["SCMP_ARCH_AARCH64"] = SeccompArchitecture.Aarch64,
        ["SCMP_ARCH_ARM"] = SeccompArchitecture.Arm,
    };

    private static readonly Dictionary<string, SeccompFlags> FlagNames = new(StringComparer.Ordinal)
    {
        ["SECCOMP_FILTER_FLAG_TSYNC"] = SeccompFlags.ThreadSync,
        ["SECCOMP_FILTER_FLAG_LOG"] = SeccompFlags.Log,
        ["SECCOMP_FILTER_FLAG_SPEC_ALLOW"] = SeccompFlags.SpecAllow,
        ["SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV"] = SeccompFlags.WaitKillableReceive,
    };

    /// <summary>Names of the architectures whose calls a filter can decide.</summary>
    public static IReadOnlyCollection<string> KnownArchitectures => Architectures.Keys;

    /// <summary>Names of the flags that a filter can have.</summary>
    public static IReadOnlyCollection<string> KnownFlags => FlagNames.Keys;

    /// <summary>struct sock_filter[], 8 bytes each.</summary>
    /// <exception cref="TareException">InvalidArgument or NotSupported: the filter asks for what cannot be</exception>
    public static byte[] Compile(SeccompSpec spec) =>
        DefaultSeccompProgram.Of(spec) is { IsEmpty: false } program
            ? program.ToArray()
            : Compile(spec, SeccompArchitectures.Native[0]);

    /// <summary>As <see cref="Compile(SeccompSpec)"/>, for a machine of this architecture, from the rules always.</summary>
    internal static byte[] Compile(SeccompSpec spec, SeccompArchitecture native)
    {
        try
        {
            return SeccompCompiler.Compile(Translate(spec, native));
        }
        catch (LinuxException e)
        {
            throw new TareException(ErrorKind.InvalidArgument, $"seccomp filter: {e.Message}", inner: e);
        }
    }

    /// <summary>Flags of the call that loads the filter.</summary>
    public static SeccompFlags Flags(SeccompSpec spec)
    {
        SeccompFlags flags = SeccompFlags.None;
        foreach (string name in spec.Flags ?? [])
        {
            flags |= FlagNames.TryGetValue(name, out SeccompFlags flag)
                ? flag
                : throw new TareException(ErrorKind.InvalidArgument, $"no seccomp flag '{name}'");
        }

        if (!Notifies(spec))
        {
            // the kernel knows it for listeners only; libseccomp passes it over as well
            return flags & ~SeccompFlags.WaitKillableReceive;
        }

        flags |= SeccompFlags.NewListener;
        return (flags & SeccompFlags.ThreadSync) == 0 ? flags : flags | SeccompFlags.ThreadSyncNoSuchThread;
    }

    /// <summary>True for a filter that leaves calls to a listener.</summary>
    public static bool Notifies(SeccompSpec spec) =>
        spec.Syscalls?.Any(rule => rule.Action == SeccompAction.Notify) ?? false;

    /// <summary>Refuses a filter with a listener that a process could not wait for.</summary>
    /// <exception cref="TareException">InvalidArgument</exception>
    public static void CheckListener(SeccompSpec spec)
    {
        if (spec.DefaultAction == SeccompAction.Notify)
        {
            throw new TareException(ErrorKind.InvalidArgument, "linux.seccomp.defaultAction: SCMP_ACT_NOTIFY would wait for itself");
        }

        var decisions = new SeccompDecisions(Translate(spec, SeccompArchitectures.Native[0]));
        SeccompDecision read = decisions[SystemCallTable.IndexOf("read")] ?? decisions.Default;
        bool isMade = read.Alternatives.Select(each => each.Verdict).Append(read.Otherwise)
            .All(verdict => verdict == SeccompVerdict.Allow || verdict == SeccompVerdict.Log || verdict == SeccompVerdict.Notify);
        if (!isMade)
        {
            throw new TareException(
                ErrorKind.InvalidArgument, "linux.seccomp.syscalls: with SCMP_ACT_NOTIFY read must be allowed, by which the process waits for its listener");
        }
    }

    private static SeccompFilter Translate(SeccompSpec spec, SeccompArchitecture native)
    {
        List<SeccompArchitecture> architectures = [native];
        foreach (string name in spec.Architectures ?? [])
        {
            if (Architectures.TryGetValue(name, out SeccompArchitecture architecture)
                && !architectures.Contains(architecture))
            {
                architectures.Add(architecture);
            }
        }

        // a program that probes for a call newer than the profile wants to hear that it is not there
        bool denies = spec.DefaultAction == SeccompAction.Errno;
        return new(
            Verdict(spec.DefaultAction, spec.DefaultErrnoRet),
            architectures,
            [.. (spec.Syscalls ?? []).Select(Rule)])
        {
            Newer = denies ? SeccompVerdict.Fail(Errno.ENOSYS) : null,
            Flags = Flags(spec),
        };
    }

    private static SeccompRule Rule(SyscallRule rule) =>
        new(rule.Names, Verdict(rule.Action, rule.ErrnoRet), [.. (rule.Args ?? []).Select(Condition)]);

    private static Comparison Condition(SyscallArgument argument)
    {
        if (argument.Index >= MaxArguments)
        {
            throw new TareException(ErrorKind.InvalidArgument, $"seccomp argument {argument.Index} is above 5");
        }

        LinuxOperator op = argument.Op switch
        {
            SpecOperator.NotEqual => LinuxOperator.NotEqual,
            SpecOperator.Less => LinuxOperator.Less,
            SpecOperator.LessOrEqual => LinuxOperator.LessOrEqual,
            SpecOperator.Equal => LinuxOperator.Equal,
            SpecOperator.GreaterOrEqual => LinuxOperator.GreaterOrEqual,
            SpecOperator.Greater => LinuxOperator.Greater,
            SpecOperator.MaskedEqual => LinuxOperator.MaskedEqual,
            _ => throw new ArgumentOutOfRangeException(nameof(argument)),
        };
        return new((int)argument.Index, op, argument.Value, argument.ValueTwo);
    }

    private static SeccompVerdict Verdict(SeccompAction action, uint? errno) => action switch
    {
        SeccompAction.Allow => SeccompVerdict.Allow,
        SeccompAction.Errno => SeccompVerdict.Fail(Checked(errno)),
        SeccompAction.Kill or SeccompAction.KillThread => SeccompVerdict.KillThread,
        SeccompAction.KillProcess => SeccompVerdict.KillProcess,
        SeccompAction.Trap => SeccompVerdict.Trap,
        SeccompAction.Log => SeccompVerdict.Log,
        SeccompAction.Trace => SeccompVerdict.Trace((ushort)Checked(errno)),
        SeccompAction.Notify => SeccompVerdict.Notify,
        _ => throw new ArgumentOutOfRangeException(nameof(action)),
    };

    private static int Checked(uint? errno)
    {
        uint number = errno ?? (uint)Errno.EPERM;
        return number <= SeccompVerdict.MaxErrno
            ? (int)number
            : throw new TareException(ErrorKind.InvalidArgument, $"seccomp errno {number} is above 4095");
    }
}
