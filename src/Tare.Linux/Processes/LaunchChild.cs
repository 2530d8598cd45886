// SPDX-License-Identifier: Apache-2.0
using System.Runtime.CompilerServices;
using Tare.Linux.Interop;

namespace Tare.Linux.Processes;

/// <summary>The code that runs between clone3 and execve, in a copy of a process whose other threads are gone.</summary>
/// <remarks>
/// <para>Nothing here may call anything but <see cref="PlainCall"/> and this class: no allocation, no exception, no
/// bounds-checked array, no string, no static field, no generic, no P/Invoke. eng/check-launcher disassembles the
/// binary and fails the build when the compiler put in anything else.</para>
/// <para>All data is reached through the one pointer to <see cref="LaunchFrame"/>.</para>
/// </remarks>
internal static unsafe class LaunchChild
{
    private const int SIGCHLD = 17;
    private const int SIG_SETMASK = 2;
    private const nint CLONE_PARENT = 0x8000;
    private const int EINTR = 4;
    private const int EAGAIN = 11;

    /// <summary>openat2(2), the same number on every architecture.</summary>
    private const int OpenAt2 = 437;
    private const int MaxAgain = 10_000;
    private const int ECANCELED = 125;
    private const int ENOENT = 2;
    private const int EACCES = 13;
    private const int ENOTDIR = 20;
    private const int WNOHANG = 1;
    private const int PR_SET_NAME = 15;
    private const nint TIOCSPGRP = 0x5410;
    private const nint FirstPrivateFd = 3;
    private const uint AllFds = 0xffffffff;
    private const nint FailureExitCode = 127;

    /// <summary>Returns in the parent only: pid or -1.</summary>
    // SAFETY: args and frame are live unmanaged memory; after clone3 the child has its own copy of both
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static nint Clone(CloneArguments* args, LaunchFrame* frame, int clone3)
    {
        nint pid = PlainCall.syscall(clone3, (nint)args, sizeof(CloneArguments), 0, 0, 0, 0);
        if (pid == 0)
        {
            Run(frame);
        }

        return pid;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void Run(LaunchFrame* frame)
    {
        ResetIgnoredSignals(frame);
        for (int i = 0; i < frame->CallCount; i++)
        {
            CallRecord* call = frame->Calls + i;
            frame->Current = i;
            if (IsSkipped(frame, call))
            {
                continue;
            }

            switch (call->Number)
            {
                case CallRecord.StoreSlot: StoreSlot(frame, call); break;
                case CallRecord.Init: BecomeInit(frame); break;
                case CallRecord.Exec: Exec(frame, call); break;
                case CallRecord.Rebirth: Rebirth(frame); break;
                case CallRecord.Show: frame->Report->Shown = (int)Value(frame, call, 0); break;
                case CallRecord.Demand: Demand(frame, call); break;
                default: Make(frame, call); break;
            }
        }
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static bool IsSkipped(LaunchFrame* frame, CallRecord* call)
    {
        if (call->GuardSlot < 0)
        {
            return false;
        }

        bool failed = frame->Slots[call->GuardSlot] < 0;
        return failed != (call->GuardWantsFailure != 0);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void Make(LaunchFrame* frame, CallRecord* call)
    {
        nint result = Try(frame, call);

        // something was renamed or mounted while the kernel stood on "..", so it cannot vouch for the answer
        for (int again = 0; IsToBeAskedAgain(call, result) && again < MaxAgain; again++)
        {
            result = Try(frame, call);
        }

        if (result == -1)
        {
            int error = *PlainCall.errno_location();
            if (!IsTolerated(call, error))
            {
                Fail(frame, call, error);
            }

            result = -error;
        }

        if (call->Result >= 0)
        {
            frame->Slots[call->Result] = result;
        }
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static nint Try(LaunchFrame* frame, CallRecord* call) => PlainCall.syscall(
        call->Number,
        Value(frame, call, 0),
        Value(frame, call, 1),
        Value(frame, call, 2),
        Value(frame, call, 3),
        Value(frame, call, 4),
        Value(frame, call, 5));

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static bool IsToBeAskedAgain(CallRecord* call, nint result) =>
        result == -1 && call->Number == OpenAt2 && *PlainCall.errno_location() == EAGAIN;

    /// <summary>Pointers were made absolute by the parent, so only slots need a look.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static nint Value(LaunchFrame* frame, CallRecord* call, int index)
    {
        long value = call->Args[index];
        return (nint)(((call->Kinds >> (2 * index)) & 3) == CallRecord.KindSlot ? frame->Slots[value] : value);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static bool IsTolerated(CallRecord* call, int error)
    {
        for (int i = 0; i < CallRecord.MaxTolerated; i++)
        {
            if (call->Tolerated[i] == error)
            {
                return true;
            }
        }

        return false;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void StoreSlot(LaunchFrame* frame, CallRecord* call)
    {
        long value = frame->Slots[call->Args[1]];
        if (call->Args[2] == sizeof(int))
        {
            *(int*)call->Args[0] = (int)value;
        }
        else
        {
            *(long*)call->Args[0] = value;
        }
    }

    /// <summary>The rule of execvp(3) and of docker for a name without a slash; never returns.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void Exec(LaunchFrame* frame, CallRecord* call)
    {
        frame->Report->ReachedExec = 1;
        PlainCall.syscall(
            frame->SigProcMask, SIG_SETMASK, (nint)(&frame->NoSignals), 0, sizeof(ulong), 0, 0);
        bool denied = false;
        int error = ENOENT;
        for (nint* candidate = (nint*)call->Args[0]; *candidate != 0; candidate++)
        {
            PlainCall.syscall(frame->Execve, *candidate, (nint)call->Args[1], (nint)call->Args[2], 0, 0, 0);
            error = *PlainCall.errno_location();
            denied |= error == EACCES;
            if (error != ENOENT && error != ENOTDIR && error != EACCES)
            {
                Fail(frame, call, error);
            }
        }

        Fail(frame, call, denied ? EACCES : error);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void Fail(LaunchFrame* frame, CallRecord* call, int error)
    {
        LaunchReport* report = frame->Report;
        report->Step = call->Step;
        report->Call = frame->Current;
        report->Error = error;
        Exit(frame, FailureExitCode);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void Exit(LaunchFrame* frame, nint code)
    {
        for (; ; )
        {
            PlainCall.syscall(frame->ExitGroup, code, 0, 0, 0, 0, 0);
        }
    }

    /// <summary>CLONE_CLEAR_SIGHAND resets handlers only; what the starter ignores would stay ignored.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void ResetIgnoredSignals(LaunchFrame* frame)
    {
        for (int signal = 1; signal <= LaunchFrame.LastSignal; signal++)
        {
            PlainCall.syscall(
                frame->SigAction, signal, (nint)(&frame->DefaultAction), 0, sizeof(ulong), 0, 0);
        }
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void Demand(LaunchFrame* frame, CallRecord* call)
    {
        if (Value(frame, call, 0) <= 0)
        {
            Fail(frame, call, ECANCELED);
        }
    }

    /// <summary>Forks: the child, whose parent is the starter too, goes on with the program; this process ends.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void Rebirth(LaunchFrame* frame)
    {
        nint pid = PlainCall.syscall(frame->Clone, CLONE_PARENT | SIGCHLD, 0, 0, 0, 0, 0);
        if (pid < 0)
        {
            Fail(frame, frame->Calls + frame->Current, *PlainCall.errno_location());
        }

        if (pid > 0)
        {
            frame->Report->Reborn = (int)pid;
            Exit(frame, 0);
        }
    }

    /// <summary>Forks: the child returns and goes on with the program, this process reaps until that child ends.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void BecomeInit(LaunchFrame* frame)
    {
        nint main = PlainCall.syscall(frame->Clone, SIGCHLD, 0, 0, 0, 0, 0);
        if (main < 0)
        {
            Fail(frame, frame->Calls + frame->Current, *PlainCall.errno_location());
        }

        if (main == 0)
        {
            // an own group in the foreground, so that the terminal's signals reach it once, not twice;
            // without a terminal the second call fails and nothing is lost
            PlainCall.syscall(frame->SetPgid, 0, 0, 0, 0, 0, 0);
            frame->Scratch = (int)PlainCall.syscall(frame->GetPid, 0, 0, 0, 0, 0, 0);
            PlainCall.syscall(frame->Ioctl, 0, TIOCSPGRP, (nint)(&frame->Scratch), 0, 0, 0);
            return;
        }

        PlainCall.syscall(frame->PrCtl, PR_SET_NAME, (nint)frame->InitName, 0, 0, 0, 0);

        // the pipe that tells of execve must end with the child's copy
        PlainCall.syscall(frame->CloseRange, FirstPrivateFd, unchecked((nint)AllFds), 0, 0, 0, 0);
        Reap(frame, main);
    }

    /// <summary>Forwards signals to the main child, reaps every orphan, ends as the main child ended.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void Reap(LaunchFrame* frame, nint main)
    {
        for (; ; )
        {
            nint signal = PlainCall.syscall(
                frame->SigTimedWait, (nint)(&frame->ReaperSignals), 0, 0, sizeof(ulong), 0, 0);
            if (signal == SIGCHLD)
            {
                ReapDead(frame, main);
            }
            else if (signal > 0)
            {
                PlainCall.syscall(frame->Kill, main, signal, 0, 0, 0, 0);
            }
            else if (*PlainCall.errno_location() != EINTR)
            {
                Exit(frame, FailureExitCode);
            }
        }
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void ReapDead(LaunchFrame* frame, nint main)
    {
        int code = -1;
        for (; ; )
        {
            nint pid = PlainCall.syscall(frame->Wait4, -1, (nint)(&frame->Scratch), WNOHANG, 0, 0, 0);
            if (pid <= 0)
            {
                break;
            }

            if (pid == main)
            {
                int status = frame->Scratch;
                int signal = status & 0x7f;
                code = signal == 0 ? (status >> 8) & 0xff : 128 + signal;
            }
        }

        if (code >= 0)
        {
            Exit(frame, code);
        }
    }
}
