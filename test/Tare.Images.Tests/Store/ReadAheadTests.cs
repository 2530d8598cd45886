// SPDX-License-Identifier: Apache-2.0
using Tare.Images.Store;
using Tare.Oci;

namespace Tare.Images.Tests.Store;

public sealed class ReadAheadTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(262_144)]
    [InlineData(5_000_001)]
    public void All_of_it_comes_in_order(int length)
    {
        byte[] bytes = new byte[length];
        new Random(length).NextBytes(bytes);
        using var inner = new MemoryStream(bytes);
        using var got = new MemoryStream();

        using (var ahead = new ReadAhead(inner))
        {
            ahead.CopyTo(got, 7777);
            Assert.Equal(0, ahead.ReadByte() + 1);
        }

        Assert.Equal(bytes, got.ToArray());
    }

    [Fact]
    public void What_the_inner_stream_throws_is_thrown_where_its_bytes_end()
    {
        var cause = new TareException(ErrorKind.Corrupt, "torn");
        using var inner = new Endless { FailsAfter = 600_000, Failure = cause };
        using var ahead = new ReadAhead(inner);

        Assert.Same(cause, Assert.Throws<TareException>(() => ahead.CopyTo(Stream.Null)));
    }

    [Fact]
    public void Who_leaves_early_is_not_held_and_nobody_reads_on()
    {
        using var inner = new Endless();
        var ahead = new ReadAhead(inner);
        Assert.NotEqual(-1, ahead.ReadByte());

        ahead.Dispose();

        long read = inner.Given;
        Assert.InRange(read, 1, 64L << 20);
        Assert.Equal(read, inner.Given);
    }

    /// <summary>Gives bytes for ever, or fails.</summary>
    private sealed class Endless : ForwardStream
    {
        public long FailsAfter { get; init; } = long.MaxValue;

        public Exception? Failure { get; init; }

        public long Given { get; private set; }

        public override int Read(Span<byte> buffer)
        {
            if (Given >= FailsAfter)
            {
                throw Failure!;
            }

            buffer.Fill(1);
            Given += buffer.Length;
            return buffer.Length;
        }
    }
}
