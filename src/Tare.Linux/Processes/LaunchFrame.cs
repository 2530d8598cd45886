// SPDX-License-Identifier: Apache-2.0
using System.Runtime.InteropServices;

namespace Tare.Linux.Processes;

/// <summary>Everything that the child needs, in unmanaged memory, written by the parent before clone3.</summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct LaunchFrame
{
    /// <summary>Signals are 1 to 64 on every architecture that Tare runs on.</summary>
    public const int LastSignal = 64;

    public CallRecord* Calls;
    public int CallCount;

    /// <summary>Index of the call that is running, for the report.</summary>
    public int Current;

    public long* Slots;
    public LaunchReport* Report;

    /// <summary>struct sigaction with SIG_DFL: all zero.</summary>
    public SignalAction DefaultAction;

    /// <summary>Signals that pid 1 of <c>--init</c> takes.</summary>
    public ulong ReaperSignals;

    public ulong NoSignals;

    /// <summary>"tare init" and a NUL: what ps shows for pid 1.</summary>
    public fixed byte InitName[16];

    /// <summary>Memory for results of the launcher's own calls.</summary>
    public int Scratch;

    // numbers of the calls that the launcher makes by itself
    public int ExitGroup;
    public int Execve;
    public int Clone;
    public int GetPid;
    public int SetPgid;
    public int Ioctl;
    public int CloseRange;
    public int SigAction;
    public int SigProcMask;
    public int SigTimedWait;
    public int Wait4;
    public int Kill;
    public int PrCtl;

    /// <summary>struct sigaction of the kernel, not of the C library.</summary>
    [StructLayout(LayoutKind.Sequential)]
    public struct SignalAction
    {
        public nint Handler;
        public ulong Flags;
        public nint Restorer;
        public ulong Mask;
    }
}
