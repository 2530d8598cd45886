// SPDX-License-Identifier: Apache-2.0
namespace Tare.Linux.Processes;

/// <summary>Why a process never came to run its program.</summary>
/// <param name="Error">the kernel's answer; <see cref="Errno.None"/> when the process was killed during set-up</param>
/// <param name="Step">step of the plan whose call failed; -1 when unknown</param>
/// <param name="Call">index of the call in the program; -1 when unknown</param>
internal sealed record LaunchFailure(Errno Error, int Step, int Call);
