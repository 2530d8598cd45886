// SPDX-License-Identifier: Apache-2.0
namespace Tare.Linux.Processes;

/// <summary>How a process ended.</summary>
/// <param name="Code">exit code, or 0 when it was killed by a signal</param>
/// <param name="Signal">the signal that killed it, or 0</param>
/// <param name="CoreDumped">true when the kernel wrote a core</param>
internal readonly record struct ExitStatus(int Code, int Signal, bool CoreDumped)
{
    /// <summary>The code as shells and docker report it: 128 + n for signal n.</summary>
    public int ShellCode => Signal == 0 ? Code : 128 + Signal;

    /// <summary>From the number that wait(2) and the kernel's records use.</summary>
    public static ExitStatus OfWaitStatus(int status)
    {
        const int SignalMask = 0x7f;
        const int CoreFlag = 0x80;
        int signal = status & SignalMask;
        return signal == 0
            ? new ExitStatus((status >> 8) & 0xff, 0, false)
            : new ExitStatus(0, signal, (status & CoreFlag) != 0);
    }
}
