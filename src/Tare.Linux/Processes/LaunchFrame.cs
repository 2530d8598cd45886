// SPDX-License-Identifier: Apache-2.0
using System.Runtime.InteropServices;

namespace Tare.Linux.Processes;

/// <summary>All that the first process reads besides its program; the starter writes it into the file that it executes.</summary>
/// <remarks>Shared with Tare.First. Pointers hold where <see cref="LaunchFile"/> has them mapped.</remarks>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct LaunchFrame
{
    public CallRecord* Calls;
    public int CallCount;

    /// <summary>Index of the call that is running, for the report.</summary>
    public int Current;

    public long* Slots;

    /// <summary>How many of the slots at the beginning hold descriptors, or a failure.</summary>
    public int GivenCount;

    /// <summary>The file whose first page is the report.</summary>
    public int ReportFd;

    /// <summary>The end of a pipe that nobody else has: it closes when the set-up is over.</summary>
    public int HeldFd;

    /// <summary>1: the program runs in another child of the starter, which is born as the next two fields say.</summary>
    public int IsBorn;

    public CloneArguments Birth;

    /// <summary>The pid namespace to be born in, or a pidfd of a process in it; -1: ours.</summary>
    public int InsideFd;

    /// <summary>Where the report is mapped; the first process's own.</summary>
    public LaunchReport* Report;

    /// <summary>Signals that pid 1 of <c>--init</c> takes.</summary>
    public ulong ReaperSignals;

    public ulong NoSignals;

    /// <summary>What the kernel calls the process until it executes.</summary>
    public fixed byte Name[16];

    /// <summary>What ps shows for pid 1 of <c>--init</c>.</summary>
    public fixed byte InitName[16];

    /// <summary>Memory for results of the launcher's own calls.</summary>
    public int Scratch;

    // numbers of the calls that the launcher makes by itself
    public int ExitGroup;
    public int Execve;
    public int Clone;
    public int Clone3;
    public int SetNs;
    public int MMap;
    public int Close;
    public int FCntl;
    public int GetPid;
    public int SetPgid;
    public int Ioctl;
    public int CloseRange;
    public int SigProcMask;
    public int SigTimedWait;
    public int Wait4;
    public int Kill;
    public int PrCtl;
}
