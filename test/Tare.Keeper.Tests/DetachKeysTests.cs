// SPDX-License-Identifier: Apache-2.0
using System.Text;

namespace Tare.Keeper.Tests;

public class DetachKeysTests
{
    [Theory]
    [InlineData("abc", "abc", false)]
    [InlineData("a\u0010\u0011b", "a", true)]
    [InlineData("\u0010x", "\u0010x", false)]
    [InlineData("\u0010\u0010\u0011", "\u0010", true)]
    [InlineData("\u0011", "\u0011", false)]
    public void Only_the_whole_sequence_detaches(string typed, string sent, bool detached)
    {
        // once in one read, once key by key
        Assert.Equal((sent, detached), Type([typed]));
        Assert.Equal((sent, detached), Type([.. typed.Select(key => key.ToString())]));
    }

    [Fact]
    public void A_held_key_goes_with_the_next_one()
    {
        var keys = new DetachKeys(DetachKeys.Default);
        byte[] output = new byte[1 + DetachKeys.MaxKeys];

        Assert.False(keys.Filter([0x10], output, out int length));
        Assert.Equal(0, length);
        Assert.False(keys.Filter("x"u8, output, out length));
        Assert.Equal([0x10, (byte)'x'], output.AsSpan(0, length).ToArray());
    }

    private static (string Sent, bool Detached) Type(string[] reads)
    {
        var keys = new DetachKeys(DetachKeys.Default);
        var sent = new StringBuilder();
        byte[] output = new byte[64];
        foreach (string read in reads)
        {
            bool detached = keys.Filter(Encoding.ASCII.GetBytes(read), output, out int length);
            sent.Append(Encoding.ASCII.GetString(output, 0, length));
            if (detached)
            {
                return (sent.ToString(), true);
            }
        }

        return (sent.ToString(), false);
    }
}
