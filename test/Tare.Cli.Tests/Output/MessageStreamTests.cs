// SPDX-License-Identifier: Apache-2.0
using Tare.Cli.Output;

namespace Tare.Cli.Tests.Output;

public class MessageStreamTests
{
    [Fact]
    public void What_is_taken_arrives()
    {
        var inner = new MemoryStream();
        using var stream = new MessageStream(inner);

        stream.Write("abc"u8);
        stream.Write("xdefx"u8.ToArray(), 1, 3);

        Assert.Equal("abcdef"u8, inner.ToArray());
    }

    [Fact]
    public void A_broken_one_fails_nobody()
    {
        using var stream = new MessageStream(new FileStream("/dev/full", FileMode.Open, FileAccess.Write, FileShare.ReadWrite, 0));
        using var writer = new StreamWriter(stream) { AutoFlush = true };

        writer.WriteLine("tare: it failed");
        writer.Flush();
    }
}
