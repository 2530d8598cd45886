// SPDX-License-Identifier: Apache-2.0
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
}
