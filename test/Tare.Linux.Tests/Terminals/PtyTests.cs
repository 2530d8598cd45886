// SPDX-License-Identifier: Apache-2.0
using System.Text;
using Tare.Linux.Files;
using Tare.Linux.Terminals;

namespace Tare.Linux.Tests.Terminals;

[Trait("ring", "kernel")]
public class PtyTests
{
    [Fact]
    public void What_is_typed_arrives_and_what_is_written_comes_back()
    {
        using Pty pty = Pty.Create();
        using TerminalMode raw = TerminalMode.MakeRaw(pty.Peer);

        pty.Master.Write("typed"u8);
        pty.Peer.Write("printed"u8);

        Assert.Equal("typed", Read(pty.Peer));
        Assert.Equal("printed", Read(pty.Master));
    }

    [Fact]
    public void The_peer_is_a_terminal_whose_size_can_be_set()
    {
        using Pty pty = Pty.Create();

        Assert.True(TerminalMode.IsTerminal(pty.Peer));
        Assert.Null(TerminalMode.Size(pty.Peer));
        TerminalMode.Resize(pty.Master, new TerminalSize(40, 132));
        Assert.Equal(new TerminalSize(40, 132), TerminalMode.Size(pty.Peer));
    }

    [Fact]
    public void The_terminal_is_number_0_of_its_own_mount()
    {
        using Pty first = Pty.Create();
        using Pty second = Pty.Create();

        Assert.NotNull(first.Mount!.TryStatus("0"u8));
        Assert.Null(first.Mount!.TryStatus("1"u8));
        Assert.NotEqual(first.Mount!.TryStatus("0"u8)!.Value.FileSystem, second.Mount!.TryStatus("0"u8)!.Value.FileSystem);
    }

    private static string Read(Fd fd)
    {
        byte[] buffer = new byte[64];
        return Encoding.UTF8.GetString(buffer.AsSpan(0, fd.Read(buffer)));
    }
}
