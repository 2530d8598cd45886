// SPDX-License-Identifier: Apache-2.0
using System.Runtime;
using System.Runtime.CompilerServices;
using Tare.Linux.Processes;

namespace Tare.First;

/// <summary>The first process of a launch: makes the calls of its program one after another and becomes what the last one executes.</summary>
/// <remarks>
/// It has no runtime: no objects, strings, arrays, exceptions or static fields, only what is reached through the one pointer to
/// <see cref="LaunchFrame"/>. What would need more does not link.
/// </remarks>
internal static unsafe class FirstProcess
{
    private const int SIGCHLD = 17;
    private const int SIG_SETMASK = 2;
    private const nint CLONE_NEWPID = 0x20000000;
    private const ulong CLONE_INTO_CGROUP = 0x2_0000_0000;
    private const int F_SETFD = 2;
    private const int FD_CLOEXEC = 1;
    private const int PR_SET_DUMPABLE = 4;
    private const int PROT_READ_WRITE = 3;
    private const int MAP_SHARED = 1;
    private const nint PageBytes = 4096;
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

    /// <summary>Where the process begins; never returns.</summary>
    [RuntimeExport("first_main")]
    public static void Main(LaunchFrame* frame)
    {
        // until it executes, nobody inside may look into it, not even the root of a namespace that it enters
        Kernel.Call(frame->PrCtl, PR_SET_DUMPABLE, 0, 0, 0, 0, 0);
        nint page = Kernel.Call(frame->MMap, 0, PageBytes, PROT_READ_WRITE, MAP_SHARED, frame->ReportFd, 0);
        if (Kernel.IsFailure(page))
        {
            Exit(frame, FailureExitCode);
        }

        frame->Report = (LaunchReport*)page;
        Kernel.Call(frame->Close, frame->ReportFd, 0, 0, 0, 0, 0);
        Kernel.Call(frame->PrCtl, PR_SET_NAME, (nint)frame->Name, 0, 0, 0, 0);
        if (frame->IsBorn != 0)
        {
            Bear(frame);
        }

        CloseAtExec(frame);
        Run(frame);
    }

    /// <summary>Goes on as a child of the starter that has the new namespaces, the cgroup and the pid namespace; this process ends.</summary>
    private static void Bear(LaunchFrame* frame)
    {
        if (frame->InsideFd >= 0)
        {
            nint entered = Kernel.Call(frame->SetNs, frame->InsideFd, CLONE_NEWPID, 0, 0, 0, 0);
            if (Kernel.IsFailure(entered))
            {
                FailBefore(frame, LaunchReport.EnteringPids, entered);
            }
        }

        nint pid = Kernel.Call(frame->Clone3, (nint)(&frame->Birth), sizeof(CloneArguments), 0, 0, 0, 0);
        if (Kernel.IsFailure(pid))
        {
            FailBefore(frame, LaunchReport.Cloning, pid);
        }

        if (pid > 0)
        {
            frame->Report->Born = (int)pid;
            Exit(frame, 0);
        }
    }

    /// <summary>What the starter let through its own execve must not come through the last one.</summary>
    private static void CloseAtExec(LaunchFrame* frame)
    {
        CloseAtExec(frame, frame->HeldFd);
        CloseAtExec(frame, frame->InsideFd);
        if ((frame->Birth.flags & CLONE_INTO_CGROUP) != 0)
        {
            CloseAtExec(frame, (nint)frame->Birth.cgroup);
        }

        for (int i = 0; i < frame->GivenCount; i++)
        {
            CloseAtExec(frame, (nint)frame->Slots[i]);
        }
    }

    private static void CloseAtExec(LaunchFrame* frame, nint descriptor)
    {
        if (descriptor >= 0)
        {
            Kernel.Call(frame->FCntl, descriptor, F_SETFD, FD_CLOEXEC, 0, 0, 0);
        }
    }

    private static void Run(LaunchFrame* frame)
    {
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

    private static bool IsSkipped(LaunchFrame* frame, CallRecord* call)
    {
        if (call->GuardSlot < 0)
        {
            return false;
        }

        bool failed = frame->Slots[call->GuardSlot] < 0;
        return failed != (call->GuardWantsFailure != 0);
    }

    private static void Make(LaunchFrame* frame, CallRecord* call)
    {
        nint result = Try(frame, call);

        // something was renamed or mounted while the kernel stood on "..", so it cannot vouch for the answer
        for (int again = 0; IsToBeAskedAgain(call, result) && again < MaxAgain; again++)
        {
            result = Try(frame, call);
        }

        if (Kernel.IsFailure(result) && !IsTolerated(call, (int)-result))
        {
            Fail(frame, call, (int)-result);
        }

        if (call->Result >= 0)
        {
            frame->Slots[call->Result] = result;
        }
    }

    private static nint Try(LaunchFrame* frame, CallRecord* call) => Kernel.Call(
        call->Number,
        Value(frame, call, 0),
        Value(frame, call, 1),
        Value(frame, call, 2),
        Value(frame, call, 3),
        Value(frame, call, 4),
        Value(frame, call, 5));

    private static bool IsToBeAskedAgain(CallRecord* call, nint result) =>
        result == -EAGAIN && call->Number == OpenAt2;

    /// <summary>Pointers were made absolute by the parent, so only slots need a look.</summary>
    private static nint Value(LaunchFrame* frame, CallRecord* call, int index)
    {
        long value = call->Args[index];
        return (nint)(((call->Kinds >> (2 * index)) & 3) == CallRecord.KindSlot ? frame->Slots[value] : value);
    }

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
    private static void Exec(LaunchFrame* frame, CallRecord* call)
    {
        frame->Report->ReachedExec = 1;
        Kernel.Call(
            frame->SigProcMask, SIG_SETMASK, (nint)(&frame->NoSignals), 0, sizeof(ulong), 0, 0);
        bool denied = false;
        int error = ENOENT;
        for (nint* candidate = (nint*)call->Args[0]; *candidate != 0; candidate++)
        {
            error = (int)-Kernel.Call(frame->Execve, *candidate, (nint)call->Args[1], (nint)call->Args[2], 0, 0, 0);
            denied |= error == EACCES;
            if (error != ENOENT && error != ENOTDIR && error != EACCES)
            {
                Fail(frame, call, error);
            }
        }

        Fail(frame, call, denied ? EACCES : error);
    }

    private static void Fail(LaunchFrame* frame, CallRecord* call, int error)
    {
        LaunchReport* report = frame->Report;
        report->Step = call->Step;
        report->Call = frame->Current;
        report->Error = error;
        Exit(frame, FailureExitCode);
    }

    /// <summary>Before the first call of the program.</summary>
    private static void FailBefore(LaunchFrame* frame, int doing, nint result)
    {
        frame->Report->Step = doing;
        frame->Report->Error = (int)-result;
        Exit(frame, FailureExitCode);
    }

    private static void Exit(LaunchFrame* frame, nint code)
    {
        for (; ; )
        {
            Kernel.Call(frame->ExitGroup, code, 0, 0, 0, 0, 0);
        }
    }

    private static void Demand(LaunchFrame* frame, CallRecord* call)
    {
        if (Value(frame, call, 0) <= 0)
        {
            Fail(frame, call, ECANCELED);
        }
    }

    /// <summary>Forks: the child, whose parent is the starter too, goes on with the program; this process ends.</summary>
    private static void Rebirth(LaunchFrame* frame)
    {
        nint pid = Kernel.Call(frame->Clone, CLONE_PARENT | SIGCHLD, 0, 0, 0, 0, 0);
        if (pid < 0)
        {
            Fail(frame, frame->Calls + frame->Current, (int)-pid);
        }

        if (pid > 0)
        {
            frame->Report->Reborn = (int)pid;
            Exit(frame, 0);
        }
    }

    /// <summary>Forks: the child returns and goes on with the program, this process reaps until that child ends.</summary>
    private static void BecomeInit(LaunchFrame* frame)
    {
        nint main = Kernel.Call(frame->Clone, SIGCHLD, 0, 0, 0, 0, 0);
        if (main < 0)
        {
            Fail(frame, frame->Calls + frame->Current, (int)-main);
        }

        if (main == 0)
        {
            // an own group in the foreground, so that the terminal's signals reach it once, not twice;
            // without a terminal the second call fails and nothing is lost
            Kernel.Call(frame->SetPgid, 0, 0, 0, 0, 0, 0);
            frame->Scratch = (int)Kernel.Call(frame->GetPid, 0, 0, 0, 0, 0, 0);
            Kernel.Call(frame->Ioctl, 0, TIOCSPGRP, (nint)(&frame->Scratch), 0, 0, 0);
            return;
        }

        Kernel.Call(frame->PrCtl, PR_SET_NAME, (nint)frame->InitName, 0, 0, 0, 0);

        // the pipe that tells of execve must end with the child's copy
        Kernel.Call(frame->CloseRange, FirstPrivateFd, unchecked((nint)AllFds), 0, 0, 0, 0);
        Reap(frame, main);
    }

    /// <summary>Forwards signals to the main child, reaps every orphan, ends as the main child ended.</summary>
    private static void Reap(LaunchFrame* frame, nint main)
    {
        for (; ; )
        {
            nint signal = Kernel.Call(
                frame->SigTimedWait, (nint)(&frame->ReaperSignals), 0, 0, sizeof(ulong), 0, 0);
            if (signal == SIGCHLD)
            {
                ReapDead(frame, main);
            }
            else if (signal > 0)
            {
                Kernel.Call(frame->Kill, main, signal, 0, 0, 0, 0);
            }
            else if (signal != -EINTR)
            {
                Exit(frame, FailureExitCode);
            }
        }
    }

    private static void ReapDead(LaunchFrame* frame, nint main)
    {
        int code = -1;
        for (; ; )
        {
            nint pid = Kernel.Call(frame->Wait4, -1, (nint)(&frame->Scratch), WNOHANG, 0, 0, 0);
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
