// SPDX-License-Identifier: Apache-2.0
using Tare.Linux;
using Tare.Linux.Files;
using Tare.Linux.Terminals;

namespace Tare.Keeper;

/// <summary>The container's standard streams: three pipes or a terminal, both ends of each until the launch.</summary>
internal sealed class Stdio : IDisposable
{
    private readonly Pty? _pty;
    private readonly Fd? _typing;
    private readonly Fd? _nothing;
    private readonly Pipe? _stdin;
    private readonly Pipe? _stdout;
    private readonly Pipe? _stderr;

    public Stdio(KeeperOrder order)
    {
        if (order.Terminal)
        {
            _pty = Pty.Create();
            _pty.Master.SetNonBlocking(true);

            // a second number for the same terminal, because the loop knows each number once
            _typing = _pty.Master.Duplicate();
            if (order.TerminalSize is { } size)
            {
                TerminalMode.Resize(_pty.Master, size);
            }

            Own(_pty.Peer, order);
            return;
        }

        // each end of a pipe has its own flags: ours do not block, the container's do
        _stdout = new Pipe();
        _stdout.Reader.SetNonBlocking(true);
        _stderr = new Pipe();
        _stderr.Reader.SetNonBlocking(true);
        if (order.OpenInput)
        {
            _stdin = new Pipe();
            _stdin.Writer.SetNonBlocking(true);
        }
        else
        {
            _nothing = HostPath.Open("/dev/null", OpenFlags.ReadOnly);
        }

        Own(_stdin?.Reader, order);
        Own(_stdout.Writer, order);
        Own(_stderr.Writer, order);
    }

    /// <summary>The container's end of 0, 1 and 2 and, with a terminal, its devpts; for the launch.</summary>
    public Fd?[] ContainerEnds => _pty is not null
        ? [_pty.Peer, _pty.Peer, _pty.Peer, _pty.Mount]
        : [_stdin?.Reader ?? _nothing, _stdout!.Writer, _stderr!.Writer, null];

    /// <summary>Where input is written to; null when the container has none.</summary>
    public Fd? Input => _typing ?? _stdin?.Writer;

    /// <summary>Standard output, or all that the terminal shows.</summary>
    public Fd Output => _pty?.Master ?? _stdout!.Reader;

    /// <summary>Null with a terminal.</summary>
    public Fd? Error => _stderr?.Reader;

    public bool IsTerminal => _pty is not null;

    /// <summary>After the launch: without this the end of output would never be seen.</summary>
    public void CloseContainerEnds()
    {
        _pty?.Peer.Dispose();
        _pty?.Mount.Dispose();
        _nothing?.Dispose();
        _stdin?.Reader.Dispose();
        _stdout?.Writer.Dispose();
        _stderr?.Writer.Dispose();
    }

    /// <summary>The container reads end of file once it has read what is in the pipe. A terminal stays open.</summary>
    public void CloseInput() => _stdin?.Writer.Dispose();

    /// <summary>The container gets SIGPIPE when it writes there. A terminal stays open.</summary>
    public void CloseOutput(OutputFlags which)
    {
        if ((which & OutputFlags.Stdout) != 0)
        {
            _stdout?.Reader.Dispose();
        }

        if ((which & OutputFlags.Stderr) != 0)
        {
            _stderr?.Reader.Dispose();
        }
    }

    public void Dispose()
    {
        _typing?.Dispose();
        _pty?.Dispose();
        _nothing?.Dispose();
        _stdin?.Dispose();
        _stdout?.Dispose();
        _stderr?.Dispose();
    }

    private static void Own(Fd? stream, KeeperOrder order)
    {
        const uint Unchanged = uint.MaxValue;
        if (order.StreamOwner != 0)
        {
            stream?.SetOwner(order.StreamOwner, Unchanged);
        }
    }
}
