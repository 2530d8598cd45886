// SPDX-License-Identifier: Apache-2.0
using Tare.Images.Store;

namespace Tare.Images.Tests.Store;

public sealed class HandoffTests
{
    private const int Pieces = 100;

    [Fact]
    public async Task Bytes_arrive_in_order_whatever_the_sizes()
    {
        using var handoff = new Handoff();
        Task writer = Task.Run(
            () =>
            {
                for (int i = 0; i < Pieces; i++)
                {
                    byte[] buffer = Handoff.Rent();
                    buffer.AsSpan(0, i + 1).Fill((byte)i);
                    handoff.Push(buffer, i + 1);
                }
                handoff.Push(Handoff.Rent(), 0);
            },
            TestContext.Current.CancellationToken);
        using var got = new MemoryStream();

        await handoff.CopyToAsync(got, 77, TestContext.Current.CancellationToken);
        await writer;

        Assert.Equal(Enumerable.Range(0, Pieces).SelectMany(static i => Enumerable.Repeat((byte)i, i + 1)), got.ToArray());
        Assert.Equal(0, handoff.ReadByte() + 1);
    }

    [Fact]
    public void A_reader_that_leaves_does_not_hold_the_writer()
    {
        var handoff = new Handoff();
        handoff.Dispose();

        for (int i = 0; i < Pieces; i++)
        {
            handoff.Push(Handoff.Rent(), 1);
        }
    }

    [Fact]
    public void A_failure_of_the_writer_reaches_the_reader()
    {
        using var handoff = new Handoff();
        var cause = new InvalidOperationException("x");
        handoff.Fail(cause);

        Assert.Same(cause, Assert.Throws<IOException>(() => handoff.ReadByte()).InnerException);
    }
}
