// SPDX-License-Identifier: Apache-2.0
using Tare.Linux.Interop;

namespace Tare.Linux.Terminals;

/// <summary>The user's terminal in raw mode, for as long as this object lives; disposing restores what was before.</summary>
internal sealed unsafe class TerminalMode : IDisposable
{
    private readonly Fd _terminal;
    private Libc.termios _before;
    private bool _isRaw;

    private TerminalMode(Fd terminal) => _terminal = terminal;

    /// <summary>True when the descriptor is a terminal.</summary>
    public static bool IsTerminal(Fd fd) => Libc.isatty(fd.Raw) == 1;

    /// <summary>Every key reaches us as it is typed, also Ctrl-C. The descriptor is lent until Dispose.</summary>
    public static TerminalMode MakeRaw(Fd terminal)
    {
        var mode = new TerminalMode(terminal);
        fixed (Libc.termios* before = &mode._before)
        {
            Libc.Check(Libc.tcgetattr(terminal.Raw, before), "tcgetattr");
            Libc.termios raw = *before;
            Libc.cfmakeraw(&raw);
            Libc.Check(Libc.tcsetattr(terminal.Raw, Libc.TCSADRAIN, &raw), "tcsetattr");
        }

        mode._isRaw = true;
        return mode;
    }

    /// <summary>Null when the terminal does not know its size.</summary>
    public static TerminalSize? Size(Fd terminal)
    {
        Libc.winsize size;
        return Libc.ioctl(terminal.Raw, Libc.TIOCGWINSZ, (nint)(&size)) == 0 && size is { ws_row: > 0, ws_col: > 0 }
            ? new TerminalSize(size.ws_row, size.ws_col)
            : null;
    }

    /// <summary>Changes the size; the programs inside get SIGWINCH.</summary>
    public static void Resize(Fd terminal, TerminalSize size)
    {
        var native = new Libc.winsize { ws_row = size.Rows, ws_col = size.Columns };
        Libc.Check(Libc.ioctl(terminal.Raw, Libc.TIOCSWINSZ, (nint)(&native)), "ioctl", "TIOCSWINSZ");
    }

    public void Dispose()
    {
        if (_isRaw)
        {
            _isRaw = false;
            fixed (Libc.termios* before = &_before)
            {
                // a terminal that hung up has no mode to restore
                _ = Libc.tcsetattr(_terminal.Raw, Libc.TCSADRAIN, before);
            }
        }
    }
}
