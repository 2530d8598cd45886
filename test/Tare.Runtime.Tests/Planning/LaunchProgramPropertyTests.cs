// SPDX-License-Identifier: Apache-2.0
using System.Buffers.Binary;
using System.Text;
using Tare.Linux.Interop;
using Tare.Linux.Processes;
using Tare.Runtime.Planning.Steps;
using static Tare.Linux.Processes.ProgramConstants;

namespace Tare.Runtime.Tests.Planning;

/// <summary>What must hold for the system calls of every plan, whatever the spec.</summary>
public sealed class LaunchProgramPropertyTests
{
    private const ulong NoLinkOut = RESOLVE_NO_MAGICLINKS | RESOLVE_NO_SYMLINKS;
    private const ulong Scoped = RESOLVE_IN_ROOT | RESOLVE_BENEATH;

    public static TheoryData<string> Cases => new(PlanCase.Names());

    [Theory]
    [MemberData(nameof(Cases))]
    public void Every_slot_is_filled_before_it_is_used(string name)
    {
        var (_, calls) = Load(name);
        HashSet<int> filled = [.. Enumerable.Range(0, LaunchProgramBuilder.MaxGiven)];

        foreach (Call call in calls)
        {
            Assert.All(call.SlotsRead, slot => Assert.Contains(slot, filled));
            filled.Add(call.Result);
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void After_the_filter_comes_nothing_but_the_last_capabilities(string name)
    {
        var (steps, calls) = Load(name);
        int filter = steps.ToList().FindIndex(step => step is LoadSeccomp);
        int[] allowed = [SystemCall.capset, SystemCall.prctl, CallRecord.Init, CallRecord.Exec];

        // one read waits until the listener has what it needs to answer for any other call
        int[] waits = filter >= 0 && ((LoadSeccomp)steps[filter]).HasListener ? [SystemCall.read, CallRecord.Demand] : [];
        Call[] late = [.. calls.Where(call => filter >= 0 && call.Step > filter)];
        Assert.All(late, call => Assert.Contains(call.Number, allowed.Concat(waits)));
        Assert.Equal(waits.Length > 0 ? 1 : 0, late.Count(call => call.Number == SystemCall.read));
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Every_descriptor_is_opened_close_on_exec(string name)
    {
        var (_, calls) = Load(name);

        Assert.All(calls, call => Assert.True(IsCloseOnExec(call), $"call {call.Number} of step {call.Step}"));
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Every_path_inside_the_container_is_resolved_inside_its_root(string name)
    {
        var (_, calls) = Load(name);

        Assert.All(calls.Where(call => call.Number == SystemCall.openat2), call =>
        {
            ulong resolve = BinaryPrimitives.ReadUInt64LittleEndian(call.Memory(2)[16..]);
            Assert.True((resolve & Scoped) != 0 && (resolve & NoLinkOut) != 0, call.Text(1));
            Assert.False(call.Text(1).StartsWith('/'), call.Text(1));
            Assert.True(call.IsSlot(0), call.Text(1));
        });
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void The_only_path_of_the_host_is_its_root(string name)
    {
        var (steps, calls) = Load(name);
        (int Number, int Path)[] byPath = [(SystemCall.openat, 1), (SystemCall.mount, 1), (SystemCall.move_mount, 3)];

        foreach (Call call in calls)
        {
            if (Array.Find(byPath, entry => entry.Number == call.Number) is { Path: > 0 } entry
                && (call.Number == SystemCall.mount || !call.IsSlot(entry.Path - 1))
                && steps[call.Step] is not (WaitForGo or FindPlace))
            {
                Assert.Equal("/", call.Text(entry.Path));
            }
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void The_identity_is_complete_before_the_program_runs(string name)
    {
        var (steps, _) = Load(name);
        int own = PlanCase.Named(name).IsHook ? 0 : 1;

        // a program of the host's that runs before there is a process has the rights of whoever made the container
        Assert.Equal(own, steps.Count(step => step is BecomeUser));
        Assert.Equal(own, steps.Count(step => step is SetCapabilities));
        Assert.Single(steps, step => step is CloseOthers);
        // a first process makes its root or joins one that is there, a later one joins the container's
        Assert.Single(
            steps, step => step is PivotRoot or EnterContainer or JoinNamespace { Type: Oci.Runtime.NamespaceType.Mount });
        Assert.IsType<Execute>(steps[^1]);
    }

    private static bool IsCloseOnExec(Call call)
    {
        int n = call.Number;
        return n switch
        {
            _ when n == SystemCall.openat2 =>
                (BinaryPrimitives.ReadInt64LittleEndian(call.Memory(2)) & O_CLOEXEC) != 0,
            _ when n == SystemCall.openat => (call.Args[2] & O_CLOEXEC) != 0,
            _ when n == SystemCall.fsopen => call.Args[1] == FSOPEN_CLOEXEC,
            _ when n == SystemCall.fsmount => call.Args[1] == FSMOUNT_CLOEXEC,
            _ when n == SystemCall.open_tree => (call.Args[2] & OPEN_TREE_CLOEXEC) != 0,
            _ when n == SystemCall.socket => (call.Args[1] & O_CLOEXEC) != 0,
            _ when n == SystemCall.fcntl => call.Args[1] == F_DUPFD_CLOEXEC,
            _ when n == SystemCall.dup3 => call.Args[1] is >= 0 and <= 2 || (call.Args[2] & O_CLOEXEC) != 0,
            _ when n == SystemCall.dup || n == SystemCall.pipe2 => false,
            _ => true,
        };
    }

    private static (IReadOnlyList<Step> Steps, IReadOnlyList<Call> Calls) Load(string name)
    {
        var plan = PlanCase.Named(name).Plan();
        byte[] bytes = plan.ToProgram();
        List<Call> calls = [];
        foreach (CallRecord record in LaunchProgram.Read(bytes).Calls)
        {
            calls.Add(Call.Of(record, bytes));
        }

        return (plan.Steps, calls);
    }

    private sealed record Call(int Number, int Step, int Result, int Guard, int Kinds, long[] Args, byte[] Program)
    {
        public IEnumerable<int> SlotsRead =>
            Enumerable.Range(0, CallRecord.MaxArgs).Where(IsSlot).Select(i => (int)Args[i])
                .Concat(Guard >= 0 ? [Guard] : []);

        public static unsafe Call Of(CallRecord record, byte[] program)
        {
            long[] args = new ReadOnlySpan<long>(record.Args, CallRecord.MaxArgs).ToArray();
            return new(record.Number, record.Step, record.Result, record.GuardSlot, record.Kinds, args, program);
        }

        public bool IsSlot(int index) => ((Kinds >> (2 * index)) & 3) == CallRecord.KindSlot;

        public ReadOnlySpan<byte> Memory(int index) => Program.AsSpan((int)Args[index]);

        public string Text(int index) =>
            Encoding.UTF8.GetString(Memory(index)[..Memory(index).IndexOf((byte)0)]);
    }
}
