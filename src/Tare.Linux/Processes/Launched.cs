// SPDX-License-Identifier: Apache-2.0
using Tare.Linux.Files;

namespace Tare.Linux.Processes;

/// <summary>A process that <see cref="Launcher"/> started: still in its set-up, running its program, or dead.</summary>
internal sealed class Launched : IDisposable
{
    private readonly LaunchReportPage _report;

    internal Launched(int pid, Pidfd pidfd, Fd ready, LaunchReportPage report)
    {
        Pid = pid;
        Pidfd = pidfd;
        Ready = ready;
        _report = report;
    }

    /// <summary>In the starter's pid namespace. Valid until the process has been waited for.</summary>
    public int Pid { get; }

    public Pidfd Pidfd { get; }

    /// <summary>Becomes readable (end of file) when the set-up is over, one way or the other.</summary>
    public Fd Ready { get; }

    /// <summary>What the process shows before it executes its program; 0 until then.</summary>
    public int Shown => _report.Read().Shown;

    /// <summary>Waits for the end of the set-up: null when the program runs; a failed process has been reaped.</summary>
    public LaunchFailure? Complete()
    {
        Span<byte> nothing = stackalloc byte[1];
        while (Ready.Read(nothing) != 0)
        {
        }

        LaunchReport report = _report.Read();
        if (report is { Error: 0, ReachedExec: 1 })
        {
            return null;
        }

        Pidfd.Wait();
        return report.Error != 0
            ? new LaunchFailure((Errno)report.Error, report.Step, report.Call)
            : new LaunchFailure(Errno.None, -1, -1);
    }

    /// <summary>Forgets the process; it goes on running.</summary>
    public void Dispose()
    {
        Ready.Dispose();
        Pidfd.Dispose();
        _report.Dispose();
    }
}
