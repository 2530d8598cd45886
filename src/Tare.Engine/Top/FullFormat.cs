// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using System.Text;
using Tare.Linux.Files;
using Tare.Linux.Processes;
using Tare.Runtime.Specs;

namespace Tare.Engine.Top;

/// <summary>What <c>ps -ef</c> prints, from /proc.</summary>
internal static class FullFormat
{
    private const int MaxCommand = 1 << 16;
    private const int MaxAccounts = 1 << 20;
    private const ulong TicksPerSecond = ProcessStatus.TicksPerSecond;

    private static readonly string[] Titles = ["UID", "PID", "PPID", "C", "STIME", "TTY", "TIME", "CMD"];

    /// <param name="pids">of the host</param>
    /// <param name="firstUser">what the container's root is on the host: its users are shown by their own numbers. 0: they are the host's</param>
    /// <param name="clock">for the times</param>
    public static ProcessTable Read(IReadOnlyList<int> pids, uint firstUser, TimeProvider clock)
    {
        Dictionary<uint, string> users = ReadUsers();
        ulong uptime = (ulong)Environment.TickCount64 / (1000 / TicksPerSecond);
        var rows = new List<IReadOnlyList<string>>();
        foreach (int pid in pids.Order())
        {
            if (ProcessStatus.TryRead(pid) is { IsDead: false } status)
            {
                rows.Add(Row(pid, UserOf(pid, firstUser), status, users, uptime, clock));
            }
        }

        return new(Titles, rows);
    }

    private static string[] Row(
        int pid, uint uid, ProcessStatus status, Dictionary<uint, string> users, ulong uptime, TimeProvider clock)
    {
        ulong age = Math.Max(1, uptime - Math.Min(uptime, status.StartTicks));
        DateTimeOffset now = clock.GetUtcNow();
        DateTimeOffset born = now.AddSeconds(-(double)age / TicksPerSecond);
        string time = TimeSpan.FromSeconds(status.CpuTicks / TicksPerSecond).ToString("hh\\:mm\\:ss", CultureInfo.InvariantCulture);
        return
        [
            users.TryGetValue(uid, out string? name) ? name : uid.ToString(CultureInfo.InvariantCulture),
            pid.ToString(CultureInfo.InvariantCulture),
            status.Parent.ToString(CultureInfo.InvariantCulture),
            (status.CpuTicks * 100 / age).ToString(CultureInfo.InvariantCulture),
            TimeZoneInfo.ConvertTime(born, clock.LocalTimeZone)
                .ToString(now - born < TimeSpan.FromDays(1) ? "HH:mm" : "MMMdd", CultureInfo.InvariantCulture),
            TerminalName(status.Terminal),
            time,
            CommandOf(pid, status),
        ];
    }

    private static uint UserOf(int pid, uint firstUser)
    {
        uint uid = HostPath.TryStatus($"/proc/{pid}")?.Uid ?? 0;
        return firstUser != 0 && uid >= firstUser && uid - firstUser < UserRange.Size ? uid - firstUser : uid;
    }

    /// <summary>The arguments of a process that is stuck can only be read once the kernel lets go of its memory.</summary>
    private static string CommandOf(int pid, ProcessStatus status)
    {
        byte[]? line = status.IsStuck ? null : HostPath.TryReadAll($"/proc/{pid}/cmdline", MaxCommand);
        return line is { Length: > 0 }
            ? Encoding.UTF8.GetString(line).TrimEnd('\0').Replace('\0', ' ')
            : $"[{status.Name}]";
    }

    /// <summary>Unix98 terminals by their numbers; all others are none of a container's.</summary>
    private static string TerminalName(int device)
    {
        const int FirstMajor = 136;
        const int Majors = 8;
        const int MinorsPerMajor = 256;
        int major = (device >> 8) & 0xfff;
        int minor = (device & 0xff) | ((device >> 12) & 0xfff00);
        return major is >= FirstMajor and < FirstMajor + Majors
            ? $"pts/{((major - FirstMajor) * MinorsPerMajor) + minor}"
            : "?";
    }

    /// <summary>The host's names, as docker shows them: a container's own say nothing about the host's ids.</summary>
    private static Dictionary<uint, string> ReadUsers()
    {
        var users = new Dictionary<uint, string>();
        string text = Encoding.UTF8.GetString(HostPath.TryReadAll("/etc/passwd", MaxAccounts) ?? []);
        foreach (string line in text.Split('\n'))
        {
            string[] fields = line.Split(':');
            if (fields.Length > 2 && uint.TryParse(fields[2], NumberStyles.None, CultureInfo.InvariantCulture, out uint uid))
            {
                users.TryAdd(uid, fields[0]);
            }
        }

        return users;
    }
}
