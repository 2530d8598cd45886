// SPDX-License-Identifier: Apache-2.0
using System.Runtime.InteropServices;

namespace Tare.Linux.Processes;

/// <summary>Writes a launch program: system calls as data, in the order in which the new process makes them.</summary>
/// <remarks>
/// <para>Calls run between clone3 and execve with every signal blocked; <see cref="Exec"/> unblocks them.</para>
/// <para>A call that fails with an errno it does not tolerate ends the process; step, call and errno are reported.</para>
/// <para>Not thread-safe; used once.</para>
/// </remarks>
internal sealed class LaunchProgramBuilder
{
    /// <summary>Descriptors that a starter can hand over: one for each bind mount, and some.</summary>
    /// <remarks>Half of the soft limit of open files that most processes have (1,024).</remarks>
    public const int MaxGiven = 512;

    private const int TypicalCalls = 640;

    private readonly List<CallRecord> _calls = new(TypicalCalls);
    private readonly ProgramData _data = new();
    private int _slots;
    private int _given;

    /// <summary>Index of the plan step that the following calls belong to.</summary>
    public int Step { get; set; }

    /// <summary>Condition under which the following calls are made; null: always.</summary>
    public Guard? When { get; set; }

    /// <summary>A new place for the result of a call.</summary>
    public Slot NewSlot() => new(MaxGiven + _slots++);

    /// <summary>The descriptor that the starter hands over at this position.</summary>
    public Slot Given(int index)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(index);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(index, MaxGiven);
        _given = Math.Max(_given, index + 1);
        return new Slot(index);
    }

    /// <summary>Records a system call of the machine's own architecture.</summary>
    /// <param name="systemCall">number from the table of system calls</param>
    /// <param name="args">up to six; missing ones are zero</param>
    /// <param name="result">takes the result, or the negated errno of a tolerated failure</param>
    /// <param name="tolerate">up to three errnos that count as success</param>
    public void Call(
        int systemCall, ReadOnlySpan<Arg> args, Slot? result = null, params ReadOnlySpan<Errno> tolerate)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(systemCall);
        foreach (Arg arg in args)
        {
            StoreSlotsOf(arg);
        }

        Add(systemCall, args, result, tolerate);
    }

    /// <summary>From here on the program runs in a child; the process itself stays as pid 1 that forwards and reaps.</summary>
    /// <remarks>Belongs right before <see cref="Exec"/>: what comes later applies to the child only.</remarks>
    public void Init() => Add(CallRecord.Init, []);

    /// <summary>From here on the program runs in a sibling, born in the namespaces that were made for children; this process ends.</summary>
    /// <remarks>man clone(2), CLONE_PARENT. Only in the starter's own pid namespace, as it is told the sibling's number.</remarks>
    public void Rebirth() => Add(CallRecord.Rebirth, []);

    /// <summary>Shows a value to the starter without a system call, which a filter might forbid: <see cref="Launched.Shown"/>.</summary>
    public void Show(Slot slot) => Add(CallRecord.Show, [slot]);

    /// <summary>Ends the process unless the slot is above zero, as if the call before had failed: a read that found an end.</summary>
    public void Demand(Slot slot) => Add(CallRecord.Demand, [slot]);

    /// <summary>The last entry: becomes the first candidate that can be executed, as a shell walks PATH.</summary>
    /// <remarks>
    /// ENOENT and ENOTDIR go on to the next candidate, EACCES too but is remembered, everything else ends the search;
    /// the errno of the whole search is reported as the failure of this call.
    /// </remarks>
    /// <param name="candidates">absolute paths, at least one</param>
    /// <param name="argv">at least the program's own name</param>
    /// <param name="envp">NAME=value each</param>
    public void Exec(IReadOnlyList<byte[]> candidates, IReadOnlyList<byte[]> argv, IReadOnlyList<byte[]> envp)
    {
        ArgumentOutOfRangeException.ThrowIfZero(candidates.Count);
        ArgumentOutOfRangeException.ThrowIfZero(argv.Count);
        Add(CallRecord.Exec, [Arg.Strings(candidates), Arg.Strings(argv), Arg.Strings(envp)]);
    }

    /// <summary>The finished program as one block that can be sent anywhere on this machine.</summary>
    public byte[] Build() => _data.Lay(CollectionsMarshal.AsSpan(_calls), MaxGiven + _slots, _given);

    private void StoreSlotsOf(Arg arg)
    {
        if (arg.Kind != ArgKind.Block)
        {
            return;
        }

        int place = _data.Place(arg);
        int offset = 0;
        foreach (Field field in arg.Fields)
        {
            offset = ProgramData.Align(offset, field.Width);
            if (field.FromSlot is { } slot)
            {
                Add(CallRecord.StoreSlot, [], store: (place + offset, slot, field.Width));
            }

            if (field.Target is { } target)
            {
                StoreSlotsOf(target);
            }

            offset += field.Length;
        }
    }

    private unsafe void Add(
        int number,
        ReadOnlySpan<Arg> args,
        Slot? result = null,
        ReadOnlySpan<Errno> tolerate = default,
        (int Place, Slot Slot, int Width)? store = null)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(args.Length, CallRecord.MaxArgs);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(tolerate.Length, CallRecord.MaxTolerated);
        var record = new CallRecord
        {
            Number = number,
            Step = Step,
            Result = (short)(result?.Index ?? -1),
            GuardSlot = (short)(When?.Slot.Index ?? -1),
            GuardWantsFailure = When is { WantsFailure: true } ? (ushort)1 : (ushort)0,
        };
        if (store is { } patch)
        {
            SetArg(ref record, 0, CallRecord.KindPointer, patch.Place);
            SetArg(ref record, 1, CallRecord.KindSlot, patch.Slot.Index);
            SetArg(ref record, 2, CallRecord.KindNumber, patch.Width);
        }

        for (int i = 0; i < args.Length; i++)
        {
            Arg arg = args[i];
            switch (arg.Kind)
            {
                case ArgKind.Number: SetArg(ref record, i, CallRecord.KindNumber, arg.Value); break;
                case ArgKind.Slot: SetArg(ref record, i, CallRecord.KindSlot, arg.FromSlot.Index); break;
                default: SetArg(ref record, i, CallRecord.KindPointer, _data.Place(arg)); break;
            }
        }

        for (int i = 0; i < tolerate.Length; i++)
        {
            record.Tolerated[i] = (ushort)tolerate[i];
        }

        _calls.Add(record);
    }

    private static unsafe void SetArg(ref CallRecord record, int index, int kind, long value)
    {
        record.Args[index] = value;
        record.Kinds |= (ushort)(kind << (2 * index));
    }
}
