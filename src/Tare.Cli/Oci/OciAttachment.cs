// SPDX-License-Identifier: Apache-2.0
using Tare.Linux;
using Tare.Linux.Files;
using Tare.Linux.Processes;
using Tare.Linux.Terminals;
using Tare.Oci;
using Tare.Oci.Runtime;

namespace Tare.Cli.Oci;

/// <summary>Stays with a process until it has ended: passes signals on, and what is typed and shown at its terminal.</summary>
internal sealed class OciAttachment : IDisposable
{
    private const int BufferBytes = 16 << 10;

    private SignalInbox? _signals;

    /// <summary>Looks whether a process's terminal has somebody who holds it.</summary>
    /// <exception cref="TareException">InvalidArgument</exception>
    public static void Check(Process process, string? consoleSocket, bool detach)
    {
        if (detach && process.Terminal && consoleSocket is null)
        {
            throw new TareException(
                ErrorKind.InvalidArgument,
                "cannot allocate tty if runc will detach without setting console socket",
                "give one who holds the terminal: --console-socket");
        }

        if (consoleSocket is not null && !(detach && process.Terminal))
        {
            throw new TareException(
                ErrorKind.InvalidArgument, "cannot use console socket if runc will not detach or allocate tty");
        }
    }

    /// <summary>From now on signals wait for the process instead of ending this one; best while the process is still being set up.</summary>
    public void CatchSignals() => _signals ??= new SignalInbox(SignalInbox.Forwarded);

    /// <summary>Waits for the end.</summary>
    /// <param name="process">a child of ours</param>
    /// <param name="terminal">its terminal when this process holds it</param>
    /// <returns>its exit code, 128 and the signal when one ended it</returns>
    public int Wait(Launched process, Pty? terminal)
    {
        CatchSignals();
        SignalInbox signals = _signals!;
        using Fd? input = terminal is null ? null : OwnProcess.TryDuplicateStandard(0);
        using Fd? output = terminal is null ? null : OwnProcess.TryDuplicateStandard(1);
        bool isTyped = input is not null && TerminalMode.IsTerminal(input);
        using TerminalMode? raw = isTyped ? TerminalMode.MakeRaw(input!) : null;
        terminal?.Peer.Dispose();
        Resize(input, terminal);
        Fd? open = input;
        var buffer = new byte[BufferBytes];
        PollEntry[] entries = new PollEntry[4];
        while (true)
        {
            entries[0] = new PollEntry(process.Pidfd.Fd, EpollEvents.Readable);
            entries[1] = new PollEntry(signals.Fd, EpollEvents.Readable);
            entries[2] = new PollEntry(terminal?.Master, EpollEvents.Readable);
            entries[3] = new PollEntry(open, EpollEvents.Readable);
            Poll.Wait(entries);
            if (entries[2].Ready != EpollEvents.None && !Copy(terminal!.Master, output, buffer))
            {
                terminal = null;
            }

            if (entries[3].Ready != EpollEvents.None && !Copy(open!, terminal?.Master, buffer))
            {
                open = null;
            }

            if (entries[1].Ready != EpollEvents.None)
            {
                Forward(signals, process.Pidfd, input, terminal);
            }

            if (entries[0].Ready != EpollEvents.None)
            {
                while (terminal is not null && Poll.IsReady(terminal.Master) && Copy(terminal.Master, output, buffer))
                {
                }

                return process.Pidfd.Wait().ShellCode;
            }
        }
    }

    public void Dispose() => _signals?.Dispose();

    private static void Forward(SignalInbox signals, Pidfd process, Fd? input, Pty? terminal)
    {
        while (signals.Take() is var signal and not 0)
        {
            if (signal == Signals.WindowChanged && terminal is not null)
            {
                Resize(input, terminal);
            }
            else
            {
                process.TrySend(signal);
            }
        }
    }

    private static void Resize(Fd? input, Pty? terminal)
    {
        if (terminal is not null && input is not null && TerminalMode.Size(input) is { } size)
        {
            TerminalMode.Resize(terminal.Master, size);
        }
    }

    /// <summary>False when the source has ended.</summary>
    private static bool Copy(Fd from, Fd? to, byte[] buffer)
    {
        try
        {
            int read = from.Read(buffer);
            if (read > 0)
            {
                to?.Write(buffer.AsSpan(0, read));
            }

            return read > 0;
        }
        catch (LinuxException hungUp) when (hungUp.Errno is Errno.EIO or Errno.EPIPE)
        {
            // a terminal whose last user has gone
            return false;
        }
    }
}
