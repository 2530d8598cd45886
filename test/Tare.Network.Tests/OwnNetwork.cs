// SPDX-License-Identifier: Apache-2.0
using System.Diagnostics;
using System.Runtime.ExceptionServices;
using System.Runtime.InteropServices;
using Tare.Linux;
using Tare.Linux.Files;

namespace Tare.Network.Tests;

/// <summary>A network namespace that stands for a host, seen by one thread alone; programs that it starts are in it too.</summary>
internal static partial class OwnNetwork
{
    private const int CLONE_NEWNET = 0x40000000;

    /// <summary>Does something in a new one.</summary>
    public static void Run(Action work)
    {
        ExceptionDispatchInfo? failure = null;
        var thread = new Thread(() =>
        {
            try
            {
                Assert.Equal(0, unshare(CLONE_NEWNET));
                Shell("ip link set lo up");
                work();
            }
            catch (Exception failed)
            {
                failure = ExceptionDispatchInfo.Capture(failed);
            }
        });
        thread.Start();
        thread.Join();
        failure?.Throw();
    }

    /// <summary>Another new one, which lives as long as the program that holds it.</summary>
    public static Process Container()
    {
        Process process = Process.Start(
            new ProcessStartInfo("unshare", ["-n", "sh", "-c", "echo; read x"])
            { RedirectStandardOutput = true, RedirectStandardInput = true })!;
        process.StandardOutput.ReadLine();
        return process;
    }

    public static Fd SpaceOf(Process process) => HostPath.Open($"/proc/{process.Id}/ns/net", OpenFlags.ReadOnly);

    /// <summary>What a command prints; it must succeed.</summary>
    public static string Shell(string command)
    {
        (int code, string output) = Try(command);
        Assert.True(code == 0, $"{command}: {output}");
        return output;
    }

    public static (int Code, string Output) Try(string command)
    {
        using Process process = Process.Start(new ProcessStartInfo("sh", ["-c", command + " 2>&1"]) { RedirectStandardOutput = true })!;
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return (process.ExitCode, output);
    }

    /// <summary>A command in the network namespace of a process.</summary>
    public static (int Code, string Output) In(Process process, string command) =>
        Try($"nsenter -t {process.Id} -n sh -c '{command}'");

    [LibraryImport("libc")]
    private static partial int unshare(int flags);
}
