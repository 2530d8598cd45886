// SPDX-License-Identifier: Apache-2.0
// ioctl_tty(2), termios(3), pts(4)
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Tare.Linux.Interop;

internal static unsafe partial class Libc
{
    internal const int TCSANOW = 0;
    internal const int TCSADRAIN = 1;
    internal const nuint TIOCGWINSZ = 0x5413;
    internal const nuint TIOCSWINSZ = 0x5414;
    internal const nuint TIOCSPTLCK = 0x40045431;
    internal const nuint TIOCGPTPEER = 0x5441;

    [LibraryImport("libc", SetLastError = true)]
    internal static partial int isatty(int fd);

    [LibraryImport("libc", SetLastError = true)]
    internal static partial int tcgetattr(int fd, termios* attributes);

    [LibraryImport("libc", SetLastError = true)]
    internal static partial int tcsetattr(int fd, int when, termios* attributes);

    [LibraryImport("libc")]
    internal static partial void cfmakeraw(termios* attributes);

    [StructLayout(LayoutKind.Sequential)]
    internal struct winsize
    {
        public ushort ws_row;
        public ushort ws_col;
        public ushort ws_xpixel;
        public ushort ws_ypixel;
    }

    /// <summary>struct termios of glibc, 60 bytes.</summary>
    [StructLayout(LayoutKind.Sequential)]
    internal struct termios
    {
        public uint c_iflag;
        public uint c_oflag;
        public uint c_cflag;
        public uint c_lflag;
        public byte c_line;
        public ControlCharacters c_cc;
        public uint c_ispeed;
        public uint c_ospeed;
    }

    [InlineArray(32)]
    internal struct ControlCharacters
    {
        private byte _first;
    }
}
