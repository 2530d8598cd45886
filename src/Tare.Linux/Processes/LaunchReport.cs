// SPDX-License-Identifier: Apache-2.0
using System.Runtime.InteropServices;

namespace Tare.Linux.Processes;

/// <summary>The shared page by which the child tells how far it came.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct LaunchReport
{
    /// <summary>As <see cref="Step"/>: the failed call was clone3.</summary>
    public const int Cloning = -1;

    /// <summary>As <see cref="Step"/>: the failed call was setns into a pid namespace.</summary>
    public const int EnteringPids = -2;

    /// <summary>The errno of the call that ended the launch, or 0.</summary>
    public int Error;

    public int Step;
    public int Call;

    /// <summary>1 once the set-up is complete and execve is being tried.</summary>
    public int ReachedExec;

    /// <summary>The child of the starter that runs the program, by its number in the starter's pid namespace; or 0.</summary>
    public int Born;

    /// <summary>The process that took the place of the first, by its number in the pid namespace of that; or 0.</summary>
    public int Reborn;

    /// <summary>What the program shows; 0 until then.</summary>
    public int Shown;
}
