// SPDX-License-Identifier: Apache-2.0
using Tare.Linux;
using Tare.Linux.Files;
using Tare.Linux.Terminals;

namespace Tare.Keeper;

/// <summary>The pumps between the container's standard streams and the clients.</summary>
internal sealed class Streams
{
    private readonly Stdio _stdio;
    private readonly OutputPump? _output;
    private readonly OutputPump? _error;
    private readonly InputPump _input;
    private readonly Watch? _inputWatch;

    /// <param name="loop">lent</param>
    /// <param name="stdio">lent</param>
    /// <param name="buffer">for reading; nothing stays in it</param>
    /// <param name="publish">gets what was read</param>
    public Streams(Loop loop, Stdio stdio, byte[] buffer, OutputPump.Publish publish)
    {
        _stdio = stdio;
        _output = stdio.Output is { } output ? new OutputPump(loop, output, FrameKind.Stdout, buffer, publish) : null;
        _error = stdio.Error is { } error ? new OutputPump(loop, error, FrameKind.Stderr, buffer, publish) : null;
        _inputWatch = stdio.Input is { } input ? loop.Watch(input, _ => _input!.Flush()) : null;
        _input = new InputPump(stdio, WaitForRoom);
    }

    public InputPump Input => _input;

    /// <summary>Stops reading output until the clients have caught up.</summary>
    public void Hold(bool held)
    {
        _output?.Hold(held);
        _error?.Hold(held);
    }

    /// <summary>Publishes what the container left behind.</summary>
    public void Drain()
    {
        _output?.Drain();
        _error?.Drain();
    }

    /// <summary>Nobody wants this output any more, so the exec'ed process that writes it shall notice.</summary>
    public void EndOutput(OutputFlags which)
    {
        if (_stdio.IsTerminal)
        {
            return;
        }

        if ((which & OutputFlags.Stdout) != 0)
        {
            _output?.End();
        }

        if ((which & OutputFlags.Stderr) != 0)
        {
            _error?.End();
        }

        _stdio.CloseOutput(which);
    }

    /// <summary>ENOTTY without a terminal.</summary>
    public Errno Resize(TerminalSize size)
    {
        if (!_stdio.IsTerminal)
        {
            return Errno.ENOTTY;
        }

        TerminalMode.Resize(_stdio.Output!, size);
        return Errno.None;
    }

    /// <summary>The loop forgets the streams.</summary>
    public void End()
    {
        _output?.End();
        _error?.End();
        _inputWatch?.Remove();
    }

    private void WaitForRoom(bool waits)
    {
        if (_inputWatch is not null)
        {
            _inputWatch.Wanted = waits ? EpollEvents.Writable : EpollEvents.None;
        }
    }
}
