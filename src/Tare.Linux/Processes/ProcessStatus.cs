// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using System.Text;
using Tare.Linux.Files;

namespace Tare.Linux.Processes;

/// <summary>What /proc/PID/stat says of a process.</summary>
/// <param name="Name">its own short name, at most 15 bytes; whatever the process chose</param>
/// <param name="State">R, S, D, Z, T, X …</param>
/// <param name="Parent">pid of the parent</param>
/// <param name="StartTicks">clock ticks from boot to its birth</param>
/// <param name="CpuTicks">clock ticks of processor time so far</param>
/// <param name="Terminal">device number of its terminal; 0: none</param>
/// <param name="IsExiting">it has begun to end: its files and namespaces may be gone, long before its end is told</param>
/// <param name="WaitStatus">of a zombie, as wait(2) encodes it; 0 for others or when it must not be seen</param>
/// <remarks>man proc_pid_stat(5). Reading it never waits for the process, also when that is stuck in the kernel.</remarks>
internal readonly record struct ProcessStatus(
    string Name, char State, int Parent, ulong StartTicks, ulong CpuTicks, int Terminal, bool IsExiting, int WaitStatus)
{
    /// <summary>A second, in the units of all files below /proc.</summary>
    public const int TicksPerSecond = 100;

    private const int MaxBytes = 4096;

    /// <summary>Fields behind the name: state is 0, as the name may hold blanks and parentheses.</summary>
    private const int ParentField = 1;
    private const int TerminalField = 4;
    private const int FlagsField = 6;
    private const int UserTimeField = 11;
    private const int SystemTimeField = 12;
    private const int StartField = 19;
    private const int ExitField = 49;

    /// <summary>PF_EXITING of the kernel.</summary>
    private const ulong ExitingFlag = 4;

    public bool IsDead => State is 'Z' or 'X' or 'x';

    /// <summary>By a signal: it goes on when it is told to. One that is traced stands still for moments only, or for its debugger.</summary>
    public bool IsStopped => State is 'T';

    /// <summary>In an uninterruptible wait: no signal ends it before the kernel is done with what it waits for.</summary>
    public bool IsStuck => State == 'D';

    /// <summary>Null when there is no such process.</summary>
    public static ProcessStatus? TryRead(int pid)
    {
        try
        {
            return HostPath.TryReadAll(string.Create(CultureInfo.InvariantCulture, $"/proc/{pid}/stat"), MaxBytes) is { } bytes
                ? TryParse(bytes)
                : null;
        }
        catch (LinuxException gone) when (gone.Errno == Errno.ESRCH)
        {
            return null;
        }
    }

    /// <summary>Null for a line that is none of the kernel's.</summary>
    internal static ProcessStatus? TryParse(ReadOnlySpan<byte> line)
    {
        int open = line.IndexOf((byte)'(');
        int close = line.LastIndexOf((byte)')');
        if (open < 0 || close < open || line.Length < close + 3)
        {
            return null;
        }

        string[] fields = Encoding.ASCII.GetString(line[(close + 2)..]).Split(' ', StringSplitOptions.TrimEntries);
        if (fields.Length <= ExitField || fields[0].Length != 1)
        {
            return null;
        }

        string name = Encoding.UTF8.GetString(line[(open + 1)..close]);
        return int.TryParse(fields[ParentField], CultureInfo.InvariantCulture, out int parent)
            && int.TryParse(fields[TerminalField], CultureInfo.InvariantCulture, out int terminal)
            && ulong.TryParse(fields[FlagsField], CultureInfo.InvariantCulture, out ulong flags)
            && ulong.TryParse(fields[UserTimeField], CultureInfo.InvariantCulture, out ulong user)
            && ulong.TryParse(fields[SystemTimeField], CultureInfo.InvariantCulture, out ulong system)
            && ulong.TryParse(fields[StartField], CultureInfo.InvariantCulture, out ulong start)
            && int.TryParse(fields[ExitField], CultureInfo.InvariantCulture, out int exit)
            ? new ProcessStatus(name, fields[0][0], parent, start, user + system, terminal, (flags & ExitingFlag) != 0, exit)
            : null;
    }
}
