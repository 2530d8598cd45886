// SPDX-License-Identifier: Apache-2.0
using System.Runtime.InteropServices;

namespace Tare.Linux.Processes;

/// <summary>One entry of a launch program as it lies in memory; 72 bytes, no pointers.</summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct CallRecord
{
    /// <summary>Arguments of a system call on Linux.</summary>
    public const int MaxArgs = 6;

    /// <summary>Different errnos that one call may tolerate.</summary>
    public const int MaxTolerated = 3;

    /// <summary>Pseudo call: store arg 1 (a slot) at arg 0 (memory), arg 2 bytes wide.</summary>
    public const int StoreSlot = -1;

    /// <summary>Pseudo call: execve the first of arg 0 (paths) that exists, with arg 1 as argv and arg 2 as envp.</summary>
    public const int Exec = -2;

    /// <summary>Pseudo call: fork; the child goes on with the program, this process becomes its reaper.</summary>
    public const int Init = -3;

    /// <summary>Pseudo call: fork a sibling, which goes on with the program; this process tells its number and ends.</summary>
    public const int Rebirth = -4;

    /// <summary>Pseudo call: show arg 0 (a slot) to the starter in the report, without a system call.</summary>
    public const int Show = -5;

    /// <summary>Pseudo call: fail unless arg 0 (a slot) is above zero.</summary>
    public const int Demand = -6;

    /// <summary>The last of the pseudo calls.</summary>
    public const int Least = Demand;

    /// <summary>System call number, or one of the pseudo calls.</summary>
    public int Number;

    /// <summary>The step of the plan that asked for this call; reported when it fails.</summary>
    public int Step;

    /// <summary>Numbers, offsets from the start of the program, or slot indices, as <see cref="Kinds"/> says.</summary>
    public fixed long Args[MaxArgs];

    /// <summary>Two bits for each argument: <see cref="KindNumber"/>, <see cref="KindPointer"/> or <see cref="KindSlot"/>.</summary>
    public ushort Kinds;

    /// <summary>Slot that takes the result, or -1.</summary>
    public short Result;

    /// <summary>Slot that decides whether the call is made at all, or -1.</summary>
    public short GuardSlot;

    /// <summary>1: make the call only if the guard slot holds a failure; 0: only if it does not.</summary>
    public ushort GuardWantsFailure;

    /// <summary>Errnos that count as success; 0 is unused.</summary>
    public fixed ushort Tolerated[MaxTolerated];

    public const int KindNumber = 0;
    public const int KindPointer = 1;
    public const int KindSlot = 2;
}
