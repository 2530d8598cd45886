// SPDX-License-Identifier: Apache-2.0
using Tare.Linux;
using Tare.Linux.Files;
using Tare.Linux.Terminals;

namespace Tare.Keeper;

/// <summary>A process's standard streams: three pipes or a terminal, both ends of each until the launch.</summary>
internal sealed class Stdio : IDisposable
{
    private readonly Pty? _pty;
    private readonly Fd? _typing;
    private readonly Fd? _nothing;
    private readonly Pipe? _stdin;
    private readonly Fd? _output;
    private readonly Fd? _error;
    private readonly Fd? _outputEnd;
    private readonly Fd? _errorEnd;

    private Stdio(ProcessOrder order, Pty pty)
    {
        _pty = pty;
        _pty.Master.SetNonBlocking(true);

        // a second number for the same terminal, because the loop knows each number once
        _typing = _pty.Master.Duplicate();
        if (order.TerminalSize is { } size)
        {
            TerminalMode.Resize(_pty.Master, size);
        }

        Own(_pty.Peer, order);
    }

    private Stdio(ProcessOrder order, bool survivesUs)
    {
        // each end of a pipe has its own flags: ours do not block, the container's do
        (_output, _outputEnd, OutputPipe) = OutputEnds(survivesUs);
        (_error, _errorEnd, ErrorPipe) = OutputEnds(survivesUs);
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
        Own(_outputEnd, order);
        Own(_errorEnd, order);
    }

    private Stdio(Fd? output, Fd? error)
    {
        (_output, _error) = (output, error);
        output?.SetNonBlocking(true);
        error?.SetNonBlocking(true);
    }

    /// <summary>For a container's first process, which goes on writing when its keeper was killed.</summary>
    public static Stdio ForMain(ProcessOrder order) =>
        order.Terminal ? new(order, Pty.Create(TerminalGroup(order))) : new(order, survivesUs: true);

    /// <summary>For a process that is exec'ed.</summary>
    /// <param name="order">what it is</param>
    /// <param name="multiplexer">lent; the ptmx of the container's devpts when it wants a terminal</param>
    public static Stdio ForExec(ProcessOrder order, Fd? multiplexer) =>
        multiplexer is not null ? new(order, Pty.CreateIn(multiplexer)) : new(order, survivesUs: false);

    /// <summary>For a container whose keeper died: what is left of its output.</summary>
    /// <param name="output">owned from now on; null: nobody has it open any more</param>
    /// <param name="error">as <paramref name="output"/></param>
    public static Stdio Adopted(Fd? output, Fd? error) => new(output, error);

    /// <summary>Inode of the pipe that carries standard output; 0 with a terminal.</summary>
    public ulong OutputPipe { get; }

    /// <summary>Inode of the pipe that carries standard error; 0 with a terminal.</summary>
    public ulong ErrorPipe { get; }

    /// <summary>The process's end of 0, 1 and 2 and, with a terminal, its devpts; for the launch.</summary>
    public Fd?[] ContainerEnds => _pty is not null
        ? [_pty.Peer, _pty.Peer, _pty.Peer, _pty.Mount]
        : [_stdin?.Reader ?? _nothing, _outputEnd, _errorEnd, null];

    /// <summary>Where input is written to; null when the process has none.</summary>
    public Fd? Input => _typing ?? _stdin?.Writer;

    /// <summary>Standard output, or all that the terminal shows.</summary>
    public Fd? Output => _pty?.Master ?? _output;

    /// <summary>Null with a terminal.</summary>
    public Fd? Error => _error;

    public bool IsTerminal => _pty is not null;

    /// <summary>The writers of its pipes read them too: closing our end would not make them notice.</summary>
    public bool SurvivesUs => OutputPipe != 0;

    /// <summary>After the launch: without this the end of output would never be seen.</summary>
    public void CloseContainerEnds()
    {
        _pty?.Peer.Dispose();
        _pty?.Mount?.Dispose();
        _nothing?.Dispose();
        _stdin?.Reader.Dispose();
        _outputEnd?.Dispose();
        _errorEnd?.Dispose();
    }

    /// <summary>The process reads end of file once it has read what is in the pipe. A terminal stays open.</summary>
    public void CloseInput() => _stdin?.Writer.Dispose();

    /// <summary>An exec'ed process gets SIGPIPE when it writes there. A terminal stays open.</summary>
    public void CloseOutput(OutputFlags which)
    {
        if ((which & OutputFlags.Stdout) != 0)
        {
            _output?.Dispose();
        }

        if ((which & OutputFlags.Stderr) != 0)
        {
            _error?.Dispose();
        }
    }

    public void Dispose()
    {
        CloseContainerEnds();
        _typing?.Dispose();
        _pty?.Dispose();
        _stdin?.Dispose();
        _output?.Dispose();
        _error?.Dispose();
    }

    /// <summary>
    /// A pipe whose writer can read it too is never without a reader, so nobody who writes there gets SIGPIPE between the
    /// death of a keeper and its successor.
    /// </summary>
    private static (Fd Ours, Fd Theirs, ulong Inode) OutputEnds(bool survivesUs)
    {
        var pipe = new Pipe();
        try
        {
            pipe.Reader.SetNonBlocking(true);
            if (!survivesUs)
            {
                return (pipe.Reader, pipe.Writer, 0);
            }

            Fd both = pipe.OpenBothWays();
            pipe.Writer.Dispose();
            return (pipe.Reader, both, pipe.Inode);
        }
        catch
        {
            pipe.Dispose();
            throw;
        }
    }

    /// <summary>The group <c>tty</c>, as the container's devpts would have it.</summary>
    private static uint TerminalGroup(ProcessOrder order)
    {
        const uint Tty = 5;
        return order.Outside?.HostGid(Tty) ?? Tty;
    }

    private static void Own(Fd? stream, ProcessOrder order)
    {
        const uint Unchanged = uint.MaxValue;
        if (order.StreamOwner != 0)
        {
            stream?.SetOwner(order.StreamOwner, Unchanged);
        }
    }
}
