// SPDX-License-Identifier: Apache-2.0
using System.Text;
using Tare.Cli.Arguments;
using Tare.Cli.Output;
using Tare.Oci.Runtime;

namespace Tare.Cli.Oci;

/// <summary><c>tare oci</c>, and the whole program when it is called <c>runc</c> or <c>tare-oci</c>: finds the verb,
/// parses its arguments, does it, turns failure into an exit code.</summary>
/// <remarks>
/// Nothing here or below opens the engine, its store or its configuration: an OCI container is a bundle and a folder
/// of state. Start reading at <see cref="OciVerbs"/> for what there is, and at one file beside it for how a verb looks.
/// </remarks>
internal static class OciProgram
{
    /// <summary>The name that this program has among others of its kind.</summary>
    private const string OwnName = "tare-oci";

    /// <summary>True when the name that the program was called by says that it is to be a runtime.</summary>
    /// <param name="path">the first word of the command line, as the caller gave it</param>
    /// <param name="name">its last component</param>
    public static bool IsCalled(string path, out string name)
    {
        name = path[(path.LastIndexOf('/') + 1)..];
        return name is OwnName or "runc";
    }

    /// <summary>Does what a command line asks for.</summary>
    /// <param name="program">how the program was called: <c>tare oci</c>, <c>runc</c></param>
    /// <param name="args">the words behind that</param>
    /// <param name="output">where to print instead of standard output</param>
    /// <param name="error">where to print instead of standard error</param>
    /// <returns>the exit code</returns>
    public static int Run(string program, string[] args, TextWriter? output, TextWriter? error)
    {
        error ??= Writer(new MessageStream(Console.OpenStandardError()), flush: true);
        try
        {
            return Run(program, new ArgumentParser(OciFlags.All, stopsAtOperand: true) { OneDashIsEnough = true }.Parse(args), output, error);
        }
        catch (UsageException wrong)
        {
            return OciFailure.Report(new(null, isJson: false, isDebug: false, error, TimeProvider.System), wrong, null);
        }
    }

    /// <summary>As above, with the flags before the verb already read.</summary>
    public static int Run(string program, ParsedArguments globals, TextWriter? output, TextWriter error)
    {
        OciLog log = OciFlags.LogOf(globals, error);
        OciVerb? verb = null;
        output ??= Writer(Console.OpenStandardOutput());
        try
        {
            if (globals.Get(OciFlags.Version))
            {
                WriteVersion(output, program);
            }
            else if (globals.WantsHelp || globals.Operands is [] or ["help"])
            {
                OciHelp.WriteRoot(output, program);
            }
            else
            {
                (string name, string[] rest) = Split(globals.Operands);
                verb = OciVerbs.Find(name);
                return Act(program, name, verb, globals, rest, log, output);
            }

            output.Flush();
            return 0;
        }
        catch (Exception failure)
        {
            return OciFailure.Report(log, failure, verb);
        }
    }

    /// <summary><c>help create</c> is <c>create --help</c>.</summary>
    private static (string Name, string[] Behind) Split(List<string> words) => words is ["help", var asked, ..]
        ? (asked, ["--help"])
        : (words[0], [.. words.Skip(1)]);

    private static int Act(
        string program, string name, OciVerb verb, ParsedArguments globals, string[] rest, OciLog log, TextWriter output)
    {
        var parser = new ArgumentParser(verb.Flags, verb.StopsAtOperand) { OneDashIsEnough = true };
        ParsedArguments arguments = parser.Parse(rest);
        int code = 0;
        if (arguments.WantsHelp)
        {
            OciHelp.Write(output, program, name, verb);
        }
        else
        {
            CheckOperands(name, verb, arguments.Operands.Count);
            OciFlags.Check(globals);
            code = verb.Act(new OciCall(OciFlags.RootOf(globals), log, arguments, output));
        }

        output.Flush();
        return code;
    }

    private static void CheckOperands(string name, OciVerb verb, int count)
    {
        if (count < verb.MinOperands || count > verb.MaxOperands)
        {
            throw new UsageException($"{name}: {count} arguments, usage: {name} {verb.Usage}".TrimEnd(), 1);
        }
    }

    /// <summary>runc's form: dockerd takes what follows the word version, and the line that begins with commit:.</summary>
    private static void WriteVersion(TextWriter output, string program)
    {
        string name = program.Contains(' ', StringComparison.Ordinal) ? OwnName : program;
        output.WriteLine($"{name} version {Release.Version}");
        output.WriteLine($"commit: v{Release.Version}");
        output.WriteLine($"spec: {Spec.CurrentVersion}");
    }

    private static StreamWriter Writer(Stream stream, bool flush = false) =>
        new(stream, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false)) { AutoFlush = flush, NewLine = "\n" };
}
