// SPDX-License-Identifier: Apache-2.0
using Tare.Linux.Processes;
using Tare.Linux.Terminals;

namespace Tare.Keeper.Tests;

public class OrderCodecTests
{
    [Fact]
    public void An_order_survives_the_way_to_the_keeper()
    {
        KeeperOrder order = Order();

        KeeperOrder read = OrderCodec.Decode(OrderCodec.Encode(order));

        Assert.Equal(order.Namespaces, read.Namespaces);
        Assert.Equal(
            (true, true, true, true, 4242u),
            (read.Terminal, read.OpenInput, read.AttachStarter, read.StarterCleansUp, read.StreamOwner));
        Assert.Equal(new TerminalSize(24, 80), read.TerminalSize);
        Assert.Equal(order.Cgroups, read.Cgroups);
        Assert.Equal(order.CleanUp, read.CleanUp);
        Assert.Equal(order.Program.Bytes, read.Program.Bytes);
    }

    [Fact]
    public void An_empty_order_has_no_size_and_no_lists()
    {
        KeeperOrder read = OrderCodec.Decode(OrderCodec.Encode(new KeeperOrder { Program = Program() }));

        Assert.Null(read.TerminalSize);
        Assert.Empty(read.Cgroups);
        Assert.Empty(read.CleanUp);
        Assert.False(read.Terminal || read.OpenInput || read.AttachStarter || read.StarterCleansUp);
    }

    [Fact]
    public void Every_cut_order_is_refused()
    {
        byte[] whole = OrderCodec.Encode(Order());

        for (int length = 0; length < whole.Length; length++)
        {
            Assert.Throws<FormatException>(() => OrderCodec.Decode(whole.AsSpan(0, length)));
        }
    }

    [Fact]
    public void Every_corrupted_byte_is_refused_or_harmless()
    {
        byte[] whole = OrderCodec.Encode(Order());

        for (int i = 0; i < whole.Length; i++)
        {
            byte[] broken = [.. whole];
            broken[i] ^= 0x81;
            Exception? error = Record.Exception(() => OrderCodec.Decode(broken));
            Assert.True(error is null or FormatException, $"byte {i}: {error}");
        }
    }

    private static KeeperOrder Order() => new()
    {
        Program = Program(),
        Namespaces = CloneFlags.NewPid | CloneFlags.NewMount,
        Terminal = true,
        TerminalSize = new TerminalSize(24, 80),
        OpenInput = true,
        AttachStarter = true,
        StarterCleansUp = true,
        StreamOwner = 4242,
        Cgroups = ["/sys/fs/cgroup/a", "/sys/fs/cgroup/ä"],
        CleanUp = ["tare", "rm", ""],
    };

    private static LaunchProgram Program()
    {
        var builder = new LaunchProgramBuilder();
        builder.Exec(["/bin/true"u8.ToArray()], ["true"u8.ToArray()], []);
        return LaunchProgram.Read(builder.Build());
    }
}
