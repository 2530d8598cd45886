// SPDX-License-Identifier: Apache-2.0
using Tare.Keeper.Log;
using Tare.Linux.Processes;
using Tare.Linux.Terminals;
using Tare.Runtime.Planning;
using Tare.Runtime.Starting;

namespace Tare.Keeper.Tests;

public class OrderCodecTests
{
    [Fact]
    public void An_order_survives_the_way_to_the_keeper()
    {
        KeeperOrder order = Order();

        KeeperOrder read = OrderCodec.Decode(OrderCodec.Encode(order));

        Assert.Equal(order.Main with { Program = null, Outside = null }, read.Main with { Program = null, Outside = null });
        Assert.Equal(order.Main.Outside!.Lines(), read.Main.Outside!.Lines());
        Assert.Equal(order.Main.Program!.Bytes, read.Main.Program!.Bytes);
        Assert.Equal(order.Adopted, read.Adopted);
        Assert.Equal((order.LogName, order.LogLimits), (read.LogName, read.LogLimits));
        Assert.True(read.StarterCleansUp && read.BornInFirstCgroup);
        Assert.Equal(order.Cgroups, read.Cgroups);
        Assert.Equal(order.CleanUp, read.CleanUp);
        Assert.True(read.HasNetworks);
        Assert.Equal(order.Elected! with { Restore = [] }, read.Elected! with { Restore = [] });
        Assert.Equal(order.Elected.Restore, read.Elected.Restore);
    }

    [Fact]
    public void An_empty_order_has_no_size_and_no_lists()
    {
        KeeperOrder read = OrderCodec.Decode(OrderCodec.Encode(new KeeperOrder { Main = new() }));

        Assert.Equal(new ProcessOrder(), read.Main);
        Assert.Null(read.Adopted);
        Assert.Null(read.LogName);
        Assert.Empty(read.Cgroups);
        Assert.Empty(read.CleanUp);
        Assert.Null(read.Elected);
        Assert.False(read.StarterCleansUp || read.BornInFirstCgroup);
    }

    [Fact]
    public void Every_cut_order_is_refused()
    {
        byte[] whole = OrderCodec.Encode(Order());

        // without its program an order is one of those that adopt
        int withoutProgram = whole.Length - Order().Main.Program!.Bytes.Length;
        for (int length = 0; length < whole.Length; length += length + 1 == withoutProgram ? 2 : 1)
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
        Main = new()
        {
            Program = Program(),
            Namespaces = CloneFlags.NewPid | CloneFlags.NewMount,
            Terminal = true,
            TerminalSize = new TerminalSize(24, 80),
            OpenInput = true,
            InputOnce = true,
            AttachStarter = true,
            EndsWithOutput = true,
            StreamOwner = 4242,
            Outside = Work(),
            GoAt = 3,
        },
        Adopted = new KeeperState(new ProcessIdentity(7, 77), 8, 9, 10, 11, 12),
        LogName = "a-json.log",
        LogLimits = new LogLimits(4096, 2),
        StarterCleansUp = true,
        BornInFirstCgroup = true,
        Cgroups = ["/sys/fs/cgroup/a", "/sys/fs/cgroup/ä"],
        CleanUp = ["tare", "rm", ""],
        PackLog = ["tare", "pack"],
        HasNetworks = true,
        Elected = new("/run/x", "tare-01234567", "127.53.1.2", ["tare", "network", "restore"]),
    };

    /// <summary>Two ranges of users, one of groups, one limit, a score: the bytes that OutsideCodecTests describe.</summary>
    private static PlanOutside Work()
    {
        using var bytes = new MemoryStream();
        using var writer = new BinaryWriter(bytes);
        Array.ForEach([2, 1, 1, 3], count => writer.Write((ushort)count));
        Array.ForEach([-5, 0, 0, 70_000, 1000, 2000, 90_000, 1, 0, 70_001, 1001, 7], writer.Write);
        writer.Write(1024L);
        writer.Write(-1L);
        ReadOnlySpan<byte> rest = bytes.ToArray();
        return OutsideCodec.Decode(ref rest, out _);
    }

    private static LaunchProgram Program()
    {
        var builder = new LaunchProgramBuilder();
        builder.Exec(["/bin/true"u8.ToArray()], ["true"u8.ToArray()], []);
        return LaunchProgram.Read(builder.Build());
    }
}
