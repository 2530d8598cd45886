// SPDX-License-Identifier: Apache-2.0
using System.Runtime.InteropServices;
using Tare.Linux.Processes;

namespace Tare.Linux.Tests.Processes;

public class LaunchProgramTests
{
    private const int SomeCall = 39;

    [Fact]
    public void Kernel_facing_structs_have_the_documented_size()
    {
        Assert.Equal(72, Marshal.SizeOf<CallRecord>());
        Assert.Equal(40, Marshal.SizeOf<ProgramHeader>());
    }

    [Fact]
    public void Each_call_keeps_its_step_its_arguments_and_what_it_tolerates()
    {
        var builder = new LaunchProgramBuilder { Step = 7 };
        Slot fd = builder.NewSlot();
        builder.Call(SomeCall, [Arg.Int(-100), Arg.Text("/etc"), builder.Given(2)], fd, Errno.ENOENT, Errno.ENOTDIR);

        LaunchProgram program = Finish(builder);

        CallRecord call = program.Calls[0];
        Assert.Equal((SomeCall, 7, fd.Index), (call.Number, call.Step, (int)call.Result));
        Assert.Equal(3, program.GivenCount);
        Assert.Equal("/etc", TextAt(program, 0, 1));
        unsafe
        {
            Assert.Equal(-100, call.Args[0]);
            Assert.Equal(2, call.Args[2]);
            Assert.Equal((int)Errno.ENOENT, call.Tolerated[0]);
            Assert.Equal((int)Errno.ENOTDIR, call.Tolerated[1]);
        }
    }

    [Fact]
    public void The_same_argument_is_the_same_memory_and_equal_texts_are_stored_once()
    {
        var builder = new LaunchProgramBuilder();
        Arg buffer = Arg.Buffer(16);
        builder.Call(SomeCall, [buffer, Arg.Text("a")]);
        builder.Call(SomeCall, [buffer, Arg.Text("a")]);
        builder.Call(SomeCall, [Arg.Buffer(16), Arg.Text("b")]);

        LaunchProgram program = Finish(builder);

        Assert.Equal(Offset(program, 0, 0), Offset(program, 1, 0));
        Assert.Equal(Offset(program, 0, 1), Offset(program, 1, 1));
        Assert.NotEqual(Offset(program, 0, 0), Offset(program, 2, 0));
        Assert.NotEqual(Offset(program, 0, 1), Offset(program, 2, 1));
    }

    [Fact]
    public void A_slot_inside_a_struct_is_stored_before_the_call()
    {
        var builder = new LaunchProgramBuilder();
        Slot fd = builder.NewSlot();
        builder.Call(SomeCall, [Arg.Block(Field.U16(1), Field.Slot32(fd), Field.Pointer(Arg.Text("x")))]);

        LaunchProgram program = Finish(builder);

        Assert.Equal(CallRecord.StoreSlot, program.Calls[0].Number);
        Assert.Equal(SomeCall, program.Calls[1].Number);
        Assert.Equal(Offset(program, 1, 0) + 4, Offset(program, 0, 0));
        Assert.Equal(4, Offset(program, 0, 2));
        long pointer = MemoryMarshal.Read<long>(program.Bytes[((int)Offset(program, 1, 0) + 8)..]);
        Assert.Equal((byte)'x', program.Bytes[(int)pointer]);
    }

    [Fact]
    public void Texts_with_a_nul_are_refused()
    {
        Assert.Throws<ArgumentException>(() => Arg.Text("a\0b"));
        Assert.Throws<ArgumentException>(() => Arg.Strings([[1, 0, 2]]));
    }

    [Fact]
    public void A_program_without_exec_at_its_end_is_refused()
    {
        var builder = new LaunchProgramBuilder();
        builder.Call(SomeCall, []);

        Assert.Throws<FormatException>(() => LaunchProgram.Read(builder.Build()));
    }

    [Fact]
    public void Only_a_program_with_a_rebirth_has_another_process_at_its_end()
    {
        var plain = new LaunchProgramBuilder();
        var reborn = new LaunchProgramBuilder();
        reborn.Rebirth();

        Assert.False(Finish(plain).IsReborn);
        Assert.True(Finish(reborn).IsReborn);
    }

    [Fact]
    public void What_is_shown_and_demanded_is_a_slot()
    {
        var builder = new LaunchProgramBuilder();
        Slot slot = builder.NewSlot();
        builder.Show(slot);
        builder.Demand(slot);

        LaunchProgram program = Finish(builder);

        Assert.Equal((CallRecord.Show, CallRecord.Demand), (program.Calls[0].Number, program.Calls[1].Number));
        Assert.Equal((slot.Index, slot.Index), ((int)Offset(program, 0, 0), (int)Offset(program, 1, 0)));
        byte[] broken = program.Bytes.ToArray();
        MemoryMarshal.Cast<byte, CallRecord>(broken.AsSpan(program.Header.CallsOffset))[0].Kinds = CallRecord.KindNumber;
        Assert.Throws<FormatException>(() => LaunchProgram.Read(broken));
    }

    [Fact]
    public void Every_corrupted_byte_is_refused_or_harmless()
    {
        var builder = new LaunchProgramBuilder();
        builder.Call(SomeCall, [Arg.Block(Field.Slot32(builder.NewSlot()), Field.Pointer(Arg.Text("x")))]);
        builder.Exec(["/bin/true"u8.ToArray()], ["true"u8.ToArray()], []);
        byte[] sound = builder.Build();

        for (int i = 0; i < sound.Length; i++)
        {
            foreach (byte flip in (ReadOnlySpan<byte>)[1, 0x80, 0xff])
            {
                byte[] broken = [.. sound];
                broken[i] ^= flip;
                Exception? error = Record.Exception(() => LaunchProgram.Read(broken));
                Assert.True(error is null or FormatException, $"byte {i}: {error}");
            }
        }

        for (int length = 0; length < sound.Length; length++)
        {
            Assert.Throws<FormatException>(() => LaunchProgram.Read(sound[..length]));
        }
    }

    private static LaunchProgram Finish(LaunchProgramBuilder builder)
    {
        builder.Exec(["/bin/true"u8.ToArray()], ["true"u8.ToArray()], []);
        return LaunchProgram.Read(builder.Build());
    }

    private static unsafe long Offset(LaunchProgram program, int call, int arg)
    {
        CallRecord record = program.Calls[call];
        return record.Args[arg];
    }

    private static string TextAt(LaunchProgram program, int call, int arg)
    {
        ReadOnlySpan<byte> rest = program.Bytes[(int)Offset(program, call, arg)..];
        return System.Text.Encoding.UTF8.GetString(rest[..rest.IndexOf((byte)0)]);
    }
}
