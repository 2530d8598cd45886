// SPDX-License-Identifier: Apache-2.0
using System.ComponentModel;
using Tare.Cli.Arguments;
using Tare.Cli.Commands;
using Tare.Cli.Output;
using Tare.Linux;
using Tare.Oci;

namespace Tare.Cli;

/// <summary>Turns an exception into a line, perhaps a hint, and the exit code; the only place that does.</summary>
internal static class Failure
{
    /// <summary>What .NET's runtime needs a thread and a pipe for.</summary>
    public const string NoSignals = "look out for signals: refused by the system, which may be at its limit of processes or open files";

    private const int Interrupted = 130;

    /// <param name="session">where to print</param>
    /// <param name="cause">what went wrong</param>
    /// <param name="verb">the verb that failed, or null when there was none yet</param>
    /// <returns>the exit code of the program</returns>
    public static int Report(Session session, Exception cause, Verb? verb)
    {
        session.Flush();
        if (session.Debug)
        {
            session.Error.WriteLine(cause.ToString());
        }

        switch (cause)
        {
            case UsageException usage:
                Print(session, usage.Message, null);
                PrintUsage(session, verb);
                return usage.ExitCode;
            case TareException { Kind: ErrorKind.Cancelled } or OperationCanceledException:
                Print(session, cause is TareException ? cause.Message : "cancelled", null);
                return Interrupted;
            case TareException { ShowsPlace: true } placed:
                session.Error.WriteLine("tare: " + string.Join('\n', placed.Message.Split('\n').Select(BuildPrinter.Shown)));
                PrintHint(session, placed.Hint);
                return verb?.FailureCode ?? 1;
            case TareException expected:
                Print(session, expected.Message, expected.Hint);
                return verb?.FailureCode ?? 1;
            case LinuxException refused:
                Print(session, refused.Message, null);
                return verb?.FailureCode ?? 1;
            case Exception when IsOfTheRuntime(cause):
                Print(session, NoSignals, null);
                return verb?.FailureCode ?? 1;
            case IOException:
                // only standard output and error are written through the BCL, whose messages are left out of the binary
                Print(session, "write to standard output: failed", null);
                return verb?.FailureCode ?? 1;
            default:
                Print(
                    session,
                    $"internal error: {cause.GetType().Name}: {cause.Message}",
                    "this is a defect of tare, please report it; --debug before the command shows more");
                return verb?.FailureCode ?? 1;
        }
    }

    /// <summary>The system refused something to .NET's runtime itself.</summary>
    public static bool IsOfTheRuntime(Exception cause) =>
        cause.GetBaseException() is Win32Exception || cause is TypeInitializationException { InnerException: IOException };

    /// <summary>One line, and one more for what can be done.</summary>
    public static void Print(Session session, string message, string? hint)
    {
        session.Error.WriteLine($"tare: {Printable.Of(message)}");
        PrintHint(session, hint);
    }

    private static void PrintHint(Session session, string? hint)
    {
        if (hint is not null)
        {
            session.Error.WriteLine($"hint: {Printable.Of(hint)}");
        }
    }

    private static void PrintUsage(Session session, Verb? verb)
    {
        if (verb is null)
        {
            session.Error.WriteLine("See 'tare --help'");
            return;
        }

        session.Error.WriteLine($"Usage:  tare {session.VerbName} {verb.Usage}".TrimEnd());
        session.Error.WriteLine($"See 'tare {session.VerbName} --help'");
    }
}
