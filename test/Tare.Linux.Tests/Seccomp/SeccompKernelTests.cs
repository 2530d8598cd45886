// SPDX-License-Identifier: Apache-2.0
using System.Runtime.InteropServices;
using Tare.Linux.Interop;
using Tare.Linux.Seccomp;

namespace Tare.Linux.Tests.Seccomp;

/// <summary>The kernel takes the program; it binds one thread, which makes only the calls that are asked about.</summary>
[Trait("ring", "kernel")]
public sealed class SeccompKernelTests
{
    private const int PR_SET_NO_NEW_PRIVS = 38;
    private const int SECCOMP_SET_MODE_FILTER = 1;
    private const int AF_ALG = 38;
    private const nint X32Bit = 0x40000000;

    [Fact]
    public void Docker_s_profile_binds_a_thread_as_it_reads()
    {
        bool isArm = RuntimeInformation.ProcessArchitecture == Architecture.Arm64;
        byte[] program = SeccompCompiler.Compile(DockerProfile.Resolve(isArm, DockerProfile.DefaultCapabilities));

        Errno[] answers = Under(
            program,
            [
                (SystemCall.getpid, 0),
                (SystemCall.mount, 0),
                (SystemCall.clone3, 0),
                (2000, 0),
                (-1, 0),
                (SystemCall.socket, AF_ALG),
                (SystemCall.socket, (1L << 32) + AF_ALG),
                (SystemCall.personality, 0x7777),
                (SystemCall.unshare, 0),
            ]);

        Assert.Equal(
            [
                Errno.None, Errno.EPERM, Errno.ENOSYS, Errno.ENOSYS, Errno.ENOSYS,
                Errno.EPERM, Errno.EPERM, Errno.EPERM, Errno.EPERM,
            ],
            answers);
    }

    [Fact]
    public void Numbers_of_x32_have_their_own_rules()
    {
        Assert.SkipWhen(RuntimeInformation.ProcessArchitecture == Architecture.Arm64, "x86_64 only");
        SeccompFilter filter = new(
            SeccompVerdict.Allow,
            SeccompArchitectures.Native,
            [new(["getppid"], SeccompVerdict.Fail(77), [])]);
        byte[] both = SeccompCompiler.Compile(filter);

        Assert.Equal([(Errno)77, (Errno)77], Under(both, [(SystemCall.getppid, 0), (X32Bit | SystemCall.getppid, 0)]));
    }

    /// <summary>The errors of the calls, each with one argument and five zeros, made under the program.</summary>
    private static Errno[] Under(byte[] program, (nint Number, long First)[] calls)
    {
        var answers = new Errno[calls.Length];
        Errno installed = Errno.EINVAL;
        Thread thread = new(() =>
        {
            installed = Install(program);
            for (int i = 0; i < calls.Length; i++)
            {
                nint result = Libc.syscall(calls[i].Number, (nint)calls[i].First, 0, 0, 0, 0, 0);
                answers[i] = result == -1 ? Libc.LastErrno : Errno.None;
            }
        });
        thread.Start();
        thread.Join();
        Assert.Equal(Errno.None, installed);
        return answers;
    }

    private static unsafe Errno Install(byte[] program)
    {
        fixed (byte* instructions = program)
        {
            long* filter = stackalloc long[] { program.Length / 8, (nint)instructions };
            return Libc.prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0
                && Libc.syscall(SystemCall.seccomp, SECCOMP_SET_MODE_FILTER, 0, (nint)filter, 0, 0, 0) == 0
                ? Errno.None
                : Libc.LastErrno;
        }
    }
}
