// SPDX-License-Identifier: Apache-2.0
// seccomp_init(3), seccomp_rule_add(3), seccomp_export_bpf(3)
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;
using Tare.Linux.Seccomp;

namespace Tare.Linux.Tests.Seccomp;

/// <summary>The compiler that runc and docker use, where it is installed: what ours is compared with.</summary>
internal static unsafe partial class LibSeccomp
{
    private const string Library = "libseccomp.so.2";
    private const int ActionOfForeign = 2;    // SCMP_FLTATR_ACT_BADARCH
    private const uint Native = 0;            // SCMP_ARCH_NATIVE

    internal static bool IsInstalled => NativeLibrary.TryLoad(Library, out _);

    /// <summary>The number of a call, or negative: none, or none that the kernel has.</summary>
    internal static int Number(SeccompArchitecture architecture, string name) =>
        seccomp_syscall_resolve_name_arch(Token(architecture), name);

    internal static byte[] Compile(SeccompFilter filter)
    {
        nint context = seccomp_init(Action(filter.Default));
        try
        {
            Check(seccomp_attr_set(context, ActionOfForeign, Action(filter.Foreign)));
            Check(seccomp_arch_remove(context, Native));
            foreach (SeccompArchitecture architecture in filter.Architectures)
            {
                Check(seccomp_arch_add(context, Token(architecture)));
            }

            foreach (SeccompRule rule in filter.Rules)
            {
                Add(context, rule);
            }

            return Export(context);
        }
        finally
        {
            seccomp_release(context);
        }
    }

    private static void Add(nint context, SeccompRule rule)
    {
        Argument[] arguments = [.. rule.Arguments.Select(comparison => new Argument
        {
            Index = (uint)comparison.Argument,
            Operator = 1 + (int)comparison.Operator,
            Value = comparison.Value,
            Second = comparison.Second,
        })];
        foreach (string name in rule.Names)
        {
            fixed (Argument* p = arguments)
            {
                Check(seccomp_rule_add_array(
                    context, Action(rule.Verdict), seccomp_syscall_resolve_name(name), (uint)arguments.Length, p));
            }
        }
    }

    private static byte[] Export(nint context)
    {
        string path = Path.GetTempFileName();
        try
        {
            using (SafeFileHandle file = File.OpenHandle(path, FileMode.Open, FileAccess.Write))
            {
                Check(seccomp_export_bpf(context, (int)file.DangerousGetHandle()));
            }

            return File.ReadAllBytes(path);
        }
        finally
        {
            File.Delete(path);
        }
    }

    /// <summary>SCMP_ACT_* are the kernel's words.</summary>
    private static uint Action(SeccompVerdict verdict) => verdict.Word;

    private static uint Token(SeccompArchitecture architecture) =>
        architecture == SeccompArchitecture.X32 ? 0x4000003E : architecture.AuditValue();

    private static void Check(int result) => Assert.True(result >= 0, $"libseccomp: {(Errno)(-result)}");

    [LibraryImport(Library)]
    private static partial nint seccomp_init(uint action);

    [LibraryImport(Library)]
    private static partial void seccomp_release(nint context);

    [LibraryImport(Library)]
    private static partial int seccomp_attr_set(nint context, int attribute, uint value);

    [LibraryImport(Library)]
    private static partial int seccomp_arch_add(nint context, uint architecture);

    [LibraryImport(Library)]
    private static partial int seccomp_arch_remove(nint context, uint architecture);

    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int seccomp_syscall_resolve_name(string name);

    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int seccomp_syscall_resolve_name_arch(uint architecture, string name);

    [LibraryImport(Library)]
    private static partial int seccomp_rule_add_array(
        nint context, uint action, int call, uint count, Argument* arguments);

    [LibraryImport(Library)]
    private static partial int seccomp_export_bpf(nint context, int fd);

    /// <summary>struct scmp_arg_cmp</summary>
    [StructLayout(LayoutKind.Sequential)]
    private struct Argument
    {
        public uint Index;
        public int Operator;
        public ulong Value;
        public ulong Second;
    }
}
