// SPDX-License-Identifier: Apache-2.0
namespace Tare.Cli.Arguments;

/// <summary>The command line itself is wrong; nothing was done.</summary>
/// <param name="message">one line, lower case, in docker's words where docker has them</param>
/// <param name="exitCode">125 for a wrong flag, 1 for a wrong number of arguments or an unknown command, as
/// docker's</param>
internal sealed class UsageException(string message, int exitCode) : Exception(message)
{
    public int ExitCode { get; } = exitCode;
}
