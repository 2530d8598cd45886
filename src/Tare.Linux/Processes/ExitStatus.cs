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
}
