// SPDX-License-Identifier: Apache-2.0
using Tare.Cli.Arguments;
using Tare.Linux;
using Tare.Oci;

namespace Tare.Cli.Oci;

/// <summary>Turns an exception into an entry of the log and the exit code; the only place of <c>tare oci</c> that
/// does.</summary>
internal static class OciFailure
{
    /// <param name="log">where it is told</param>
    /// <param name="cause">what went wrong</param>
    /// <param name="verb">the verb that failed, or null when there was none yet</param>
    /// <returns>the exit code of the program</returns>
    public static int Report(OciLog log, Exception cause, OciVerb? verb)
    {
        log.Debug(cause.ToString());
        (string message, string? hint) = cause switch
        {
            TareException expected => (expected.Message, expected.Hint),
            UsageException or LinuxException => (cause.Message, null),
            Exception when Failure.IsOfTheRuntime(cause) => (Failure.NoSignals, null),
            OperationCanceledException => ("cancelled", null),

            // only standard output and error are written through the BCL, whose messages are left out of the binary
            IOException => ("write to standard output: failed", null),
            _ => ($"internal error: {cause.GetType().Name}: {cause.Message}", "this is a defect of tare, please report it"),
        };
        log.Error(message, hint);
        return verb?.FailureCode ?? 1;
    }
}
