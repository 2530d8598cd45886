// SPDX-License-Identifier: Apache-2.0
using Tare.Cli.Arguments;
using Tare.Cli.Commands;
using Tare.Cli.Help;
using Tare.Cli.Oci;
using Tare.Keeper;
using Tare.Linux.Processes;

namespace Tare.Cli;

/// <summary>The program: finds the verb, parses its arguments, does it, turns failure into an exit code.</summary>
/// <remarks>
/// Only the verb that was asked for is built. Start reading at <see cref="Verbs"/> for what there is, and at one file
/// in
/// Commands/ for how a verb looks.
/// </remarks>
internal static class Program
{
    internal const string VersionLine = $"Tare version {Release.Version}\n";

    private static int Main(string[] args)
    {
        // a keeper must not touch what a command line needs: it lives as long as its container
        if (args is ["keeper", ..])
        {
            return KeeperProcess.Main();
        }

        StandardStreams.Complete();
        if (OciProgram.IsCalled(Environment.GetCommandLineArgs()[0], out string name))
        {
            return OciProgram.Run(name, args, null, null);
        }

        if (args is ["--version" or "-v"])
        {
            using Stream output = Console.OpenStandardOutput();
            output.Write(System.Text.Encoding.ASCII.GetBytes(VersionLine));
            return 0;
        }

        return Run(args, null, null);
    }

    /// <summary>Does what a command line asks for.</summary>
    /// <param name="args">the words after the program's name</param>
    /// <param name="output">where to print instead of standard output</param>
    /// <param name="error">where to print instead of standard error</param>
    /// <returns>the exit code</returns>
    internal static int Run(string[] args, TextWriter? output, TextWriter? error)
    {
        // a runtime has nothing to do with the engine: no session, no configuration
        if (args is [OciGroupVerb.Name, .. string[] words])
        {
            return OciProgram.Run(OciGroupVerb.Program, words, output, error);
        }

        Session session = new(output, error);
        Verb? verb = null;
        try
        {
            ParsedArguments globals = new ArgumentParser(GlobalFlags.All, stopsAtOperand: true).Parse(args);
            (Call? call, string[] rest) = Verbs.Find([.. globals.Operands]);
            session = GlobalFlags.Apply(globals, session, call?.Name ?? "");
            if (globals.Get(GlobalFlags.Version))
            {
                session.Output.Write(VersionLine);
                return 0;
            }

            if (call is null || globals.WantsHelp)
            {
                return HelpPage.WriteRoot(session);
            }

            verb = call.Create();
            ParsedArguments arguments = new ArgumentParser(verb.Flags, verb.StopsAtOperand).Parse(rest);
            return arguments.WantsHelp ? HelpPage.Write(session, call, verb) : Act(session, verb, arguments);
        }
        catch (Exception failure)
        {
            return Failure.Report(session, failure, verb);
        }
        finally
        {
            session.Dispose();
        }
    }

    private static int Act(Session session, Verb verb, ParsedArguments arguments)
    {
        CheckOperands(session.VerbName, verb, arguments.Operands.Count);
        if (verb.NeedsRoot)
        {
            session.RequireRoot();
        }

        int code = verb.Act(session, arguments);
        session.Flush();
        return code;
    }

    private static void CheckOperands(string name, Verb verb, int count)
    {
        if (count >= verb.MinOperands && count <= verb.MaxOperands)
        {
            return;
        }

        int bound = count < verb.MinOperands ? verb.MinOperands : verb.MaxOperands;
        string how = verb.MinOperands == verb.MaxOperands ? "" : count < verb.MinOperands ? "at least " : "at most ";
        throw new UsageException(
            verb.MaxOperands == 0 ? $"'tare {name}' accepts no arguments"
            : $"'tare {name}' requires {how}{bound} argument{(bound == 1 ? "" : "s")}",
            1);
    }
}
