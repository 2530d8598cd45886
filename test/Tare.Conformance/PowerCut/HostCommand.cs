// SPDX-License-Identifier: Apache-2.0
using System.Diagnostics;

namespace Tare.Conformance.PowerCut;

/// <summary>Programs of this machine.</summary>
internal static class HostCommand
{
    /// <summary>Runs it; what it printed.</summary>
    public static (int ExitCode, string Said) Run(string program, params string[] args)
    {
        using Process process = Process.Start(new ProcessStartInfo(program, args) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        Task<string> error = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        string said = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return (process.ExitCode, said + error.GetAwaiter().GetResult());
    }

    public static void Succeed(string program, params string[] args)
    {
        (int code, string said) = Run(program, args);
        Assert.True(code == 0, $"{program} {string.Join(' ', args)}: {code}: {said}");
    }

    /// <summary>Whoever was killed there may be at its last steps.</summary>
    public static void Unmount(string place) =>
        Subject.Await(() => Run("umount", place).ExitCode == 0, () => $"{place} is busy");
}
