// SPDX-License-Identifier: Apache-2.0
using System.Globalization;

namespace Tare.Linux.Processes;

/// <summary>Signals by name and number.</summary>
/// <remarks>man signal(7); the numbers are those of x86-64 and arm64.</remarks>
internal static class Signals
{
    public const int Hangup = 1;
    public const int Interrupt = 2;
    public const int Quit = 3;
    public const int Kill = 9;
    public const int User1 = 10;
    public const int User2 = 12;
    public const int Pipe = 13;
    public const int Alarm = 14;
    public const int Terminate = 15;
    public const int Child = 17;
    public const int Continue = 18;
    public const int Stop = 19;
    public const int TerminalStop = 20;
    public const int Urgent = 23;
    public const int WindowChanged = 28;

    /// <summary>The first real-time signal that programs may use: the C library keeps 32 and 33.</summary>
    public const int RealTimeFirst = 34;

    public const int Last = 64;

    private static readonly string[] Names =
    [
        "", "HUP", "INT", "QUIT", "ILL", "TRAP", "ABRT", "BUS", "FPE", "KILL", "USR1", "SEGV", "USR2", "PIPE", "ALRM",
        "TERM", "STKFLT", "CHLD", "CONT", "STOP", "TSTP", "TTIN", "TTOU", "URG", "XCPU", "XFSZ", "VTALRM", "PROF",
        "WINCH", "IO", "PWR", "SYS",
    ];

    /// <summary>Reads <c>TERM</c>, <c>SIGTERM</c> (any case), <c>15</c>, <c>RTMIN+3</c>, <c>SIGRTMAX-2</c>.</summary>
    public static bool TryParse(string text, out int signal)
    {
        if (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out signal))
        {
            return signal is > 0 and <= Last;
        }

        string name = text.ToUpperInvariant();
        name = name.StartsWith("SIG", StringComparison.Ordinal) ? name[3..] : name;
        signal = name switch
        {
            "" => 0,
            "IOT" => 6,
            "CLD" => Child,
            "POLL" => 29,
            _ when name.StartsWith("RTMIN", StringComparison.Ordinal) => RealTime(name[5..], RealTimeFirst, '+'),
            _ when name.StartsWith("RTMAX", StringComparison.Ordinal) => RealTime(name[5..], Last, '-'),
            _ => Math.Max(0, Array.IndexOf(Names, name)),
        };
        return signal != 0;
    }

    /// <summary>With the prefix, as <c>SIGTERM</c>; the number when it has no name.</summary>
    public static string Name(int signal) => signal switch
    {
        > 0 when signal < Names.Length => "SIG" + Names[signal],
        >= RealTimeFirst and <= Last => $"SIGRTMIN+{signal - RealTimeFirst}",
        _ => signal.ToString(CultureInfo.InvariantCulture),
    };

    private static int RealTime(string offset, int from, char sign)
    {
        if (offset.Length == 0)
        {
            return from;
        }

        if (offset[0] != sign
            || !int.TryParse(offset.AsSpan(1), NumberStyles.None, CultureInfo.InvariantCulture, out int distance)
            || distance > Last - RealTimeFirst)
        {
            return 0;
        }

        return sign == '+' ? from + distance : from - distance;
    }
}
