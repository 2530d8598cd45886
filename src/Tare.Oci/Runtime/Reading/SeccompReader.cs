// SPDX-License-Identifier: Apache-2.0
namespace Tare.Oci.Runtime.Reading;

/// <summary>Reads a <see cref="SeccompSpec"/> without the serializer; see <see cref="SpecReader"/>.</summary>
internal static class SeccompReader
{
    public static SeccompSpec ReadSeccomp(ref FastTokens t)
    {
        SeccompAction? defaultAction = null;
        uint? defaultErrnoRet = null;
        IReadOnlyList<string>? architectures = null, flags = null;
        string? listenerPath = null, listenerMetadata = null;
        IReadOnlyList<SyscallRule>? syscalls = null;
        for (ulong seen = t.Object(); t.Member();)
        {
            if (t.Is("defaultAction"u8, ref seen)) defaultAction = ReadAction(ref t);
            else if (t.Is("defaultErrnoRet"u8, ref seen)) defaultErrnoRet = t.UInt32();
            else if (t.Is("architectures"u8, ref seen)) architectures = t.Texts();
            else if (t.Is("flags"u8, ref seen)) flags = t.Texts();
            else if (t.Is("listenerPath"u8, ref seen)) listenerPath = t.Text();
            else if (t.Is("listenerMetadata"u8, ref seen)) listenerMetadata = t.Text();
            else if (t.Is("syscalls"u8, ref seen)) syscalls = t.List(ReadRule);
            else t.GiveUp();
        }

        return new(t.Need(defaultAction))
        {
            DefaultErrnoRet = defaultErrnoRet,
            Architectures = architectures,
            Flags = flags,
            ListenerPath = listenerPath,
            ListenerMetadata = listenerMetadata,
            Syscalls = syscalls,
        };
    }

    private static SyscallRule ReadRule(ref FastTokens t)
    {
        IReadOnlyList<string>? names = null;
        SeccompAction? action = null;
        uint? errnoRet = null;
        IReadOnlyList<SyscallArgument>? args = null;
        for (ulong seen = t.Object(); t.Member();)
        {
            if (t.Is("names"u8, ref seen)) names = t.Texts();
            else if (t.Is("action"u8, ref seen)) action = ReadAction(ref t);
            else if (t.Is("errnoRet"u8, ref seen)) errnoRet = t.UInt32();
            else if (t.Is("args"u8, ref seen)) args = t.List(ReadArgument);
            else t.GiveUp();
        }

        return new(names ?? t.GiveUp<IReadOnlyList<string>>()!, t.Need(action)) { ErrnoRet = errnoRet, Args = args };
    }

    private static SyscallArgument ReadArgument(ref FastTokens t)
    {
        uint? index = null;
        ulong? value = null;
        ulong valueTwo = 0;
        SeccompOperator? op = null;
        for (ulong seen = t.Object(); t.Member();)
        {
            if (t.Is("index"u8, ref seen)) index = t.UInt32();
            else if (t.Is("value"u8, ref seen)) value = t.UInt64();
            else if (t.Is("valueTwo"u8, ref seen)) valueTwo = t.UInt64();
            else if (t.Is("op"u8, ref seen)) op = ReadOperator(ref t);
            else t.GiveUp();
        }

        return new(t.Need(index), t.Need(value), t.Need(op), valueTwo);
    }

    private static SeccompAction ReadAction(ref FastTokens t) =>
        t.Says("SCMP_ACT_ALLOW"u8) ? SeccompAction.Allow
        : t.Says("SCMP_ACT_ERRNO"u8) ? SeccompAction.Errno
        : t.Says("SCMP_ACT_KILL"u8) ? SeccompAction.Kill
        : t.Says("SCMP_ACT_KILL_PROCESS"u8) ? SeccompAction.KillProcess
        : t.Says("SCMP_ACT_KILL_THREAD"u8) ? SeccompAction.KillThread
        : t.Says("SCMP_ACT_TRAP"u8) ? SeccompAction.Trap
        : t.Says("SCMP_ACT_TRACE"u8) ? SeccompAction.Trace
        : t.Says("SCMP_ACT_LOG"u8) ? SeccompAction.Log
        : t.Says("SCMP_ACT_NOTIFY"u8) ? SeccompAction.Notify
        : t.GiveUp<SeccompAction>();

    private static SeccompOperator ReadOperator(ref FastTokens t) =>
        t.Says("SCMP_CMP_EQ"u8) ? SeccompOperator.Equal
        : t.Says("SCMP_CMP_MASKED_EQ"u8) ? SeccompOperator.MaskedEqual
        : t.Says("SCMP_CMP_NE"u8) ? SeccompOperator.NotEqual
        : t.Says("SCMP_CMP_LT"u8) ? SeccompOperator.Less
        : t.Says("SCMP_CMP_LE"u8) ? SeccompOperator.LessOrEqual
        : t.Says("SCMP_CMP_GE"u8) ? SeccompOperator.GreaterOrEqual
        : t.Says("SCMP_CMP_GT"u8) ? SeccompOperator.Greater
        : t.GiveUp<SeccompOperator>();
}
