// SPDX-License-Identifier: Apache-2.0
using System.Text;
using Tare.Keeper.Names;

namespace Tare.Keeper.Tests.Names;

public class DnsNameTests
{
    private static readonly byte[] Header = new byte[12];

    [Fact]
    public void A_name_is_read_to_its_end()
    {
        byte[] message = [.. Header, .. Wire.Name("Web.app"), 7];
        int offset = 12;
        byte[] name = new byte[DnsName.MaxBytes];

        int length = DnsName.Read(message, ref offset, name);

        Assert.Equal(Wire.Name("Web.app"), name[..length]);
        Assert.Equal(message.Length - 1, offset);
        Assert.Equal("web.app", Text(name.AsSpan(0, length)));
    }

    [Fact]
    public void Pointers_lead_backwards()
    {
        byte[] message = [.. Header, .. Wire.Name("app.example"), 3, (byte)'w', (byte)'w', (byte)'w', 0xC0, 12, 9];
        int offset = 12 + 13;
        byte[] name = new byte[DnsName.MaxBytes];

        int length = DnsName.Read(message, ref offset, name);

        Assert.Equal(Wire.Name("www.app.example"), name[..length]);
        Assert.Equal(message.Length - 1, offset);
    }

    [Theory]
    [InlineData("c00c")] // to itself
    [InlineData("c00e")] // forwards
    [InlineData("0161c00c")] // around
    [InlineData("c000")] // into the header
    [InlineData("c0")] // cut
    [InlineData("0361")] // cut
    [InlineData("016161")] // no end
    [InlineData("4061")] // a kind of label that there is not
    [InlineData("8061")]
    [InlineData("")]
    public void Damaged_names_are_refused(string hex)
    {
        byte[] message = [.. Header, .. Convert.FromHexString(hex)];
        int offset = 12;

        Assert.Equal(0, DnsName.Read(message, ref offset, new byte[DnsName.MaxBytes]));
    }

    [Fact]
    public void A_name_may_have_255_bytes_and_no_more()
    {
        string longest = string.Join('.', new string('a', 63), new string('b', 63), new string('c', 63), new string('d', 61));
        byte[] name = new byte[DnsName.MaxBytes];
        int offset = 0;

        Assert.Equal(255, DnsName.OfText(Encoding.ASCII.GetBytes(longest), name));
        Assert.Equal(255, DnsName.Read(name, ref offset, new byte[DnsName.MaxBytes]));
        Assert.Equal(0, DnsName.OfText(Encoding.ASCII.GetBytes(longest + "d"), name));
        offset = 0;
        Assert.Equal(0, DnsName.Read(Wire.Name(longest + "d"), ref offset, new byte[DnsName.MaxBytes]));
    }

    [Theory]
    [InlineData("web", true)]
    [InlineData("web.", true)]
    [InlineData("my_db-1.app", true)]
    [InlineData("größe", true)]
    [InlineData("", false)]
    [InlineData(".", false)]
    [InlineData("a..b", false)]
    [InlineData("a b", false)]
    [InlineData("a\nendpoint", false)]
    public void Some_texts_can_be_asked_for(string text, bool can) => Assert.Equal(can, DnsName.CanBeAsked(text));

    [Fact]
    public void A_dot_inside_a_label_makes_no_name_of_ours()
    {
        byte[] name = [3, (byte)'a', (byte)'.', (byte)'b', 0];

        Assert.Equal(-1, DnsName.ToText(name, new byte[DnsName.MaxBytes]));
    }

    [Fact]
    public void Random_bytes_never_do_harm()
    {
        var random = new Random(4711);
        byte[] message = new byte[96];
        byte[] name = new byte[DnsName.MaxBytes];
        for (int i = 0; i < 200_000; i++)
        {
            random.NextBytes(message);
            if (i % 2 == 0)
            {
                // mostly short labels and pointers, so that many are sound
                for (int j = 12; j < message.Length; j++)
                {
                    message[j] = (byte)(random.Next(4) switch { 0 => 0xC0, 1 => random.Next(12, 96), 2 => random.Next(4), _ => 0 });
                }
            }

            int offset = random.Next(12, message.Length + 4);
            int length = DnsName.Read(message, ref offset, name);
            if (length > 0)
            {
                Assert.InRange(offset, 13, message.Length);
                Assert.Equal(0, name[length - 1]);
                DnsName.ToText(name.AsSpan(0, length), new byte[DnsName.MaxBytes]);
            }
        }
    }

    private static string Text(ReadOnlySpan<byte> name)
    {
        byte[] text = new byte[DnsName.MaxBytes];
        return Encoding.ASCII.GetString(text, 0, DnsName.ToText(name, text));
    }
}
