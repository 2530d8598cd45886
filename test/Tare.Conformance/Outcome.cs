// SPDX-License-Identifier: Apache-2.0
using System.Diagnostics;
using System.Text;

namespace Tare.Conformance;

/// <summary>How a run of the program ended.</summary>
/// <param name="ExitCode">0-255</param>
/// <param name="Output">standard output, as bytes</param>
/// <param name="Error">standard error</param>
public sealed record Outcome(int ExitCode, byte[] Output, string Error)
{
    /// <summary>Standard output as text.</summary>
    public string Text => Encoding.UTF8.GetString(Output);

    /// <summary>Of another program of the host's, which has to succeed.</summary>
    public static Outcome Of(string program, params string[] args)
    {
        using Process process = Process.Start(new ProcessStartInfo(program, args)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        process.StandardInput.Close();
        Task<string> error = process.StandardError.ReadToEndAsync();
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        var outcome = new Outcome(process.ExitCode, Encoding.UTF8.GetBytes(output), error.GetAwaiter().GetResult());
        Assert.True(outcome.ExitCode == 0, $"{program} {string.Join(' ', args)}: {outcome.ExitCode}: {outcome.Error}");
        return outcome;
    }
}
