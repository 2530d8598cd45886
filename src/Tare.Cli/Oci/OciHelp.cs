// SPDX-License-Identifier: Apache-2.0
using Tare.Cli.Help;

namespace Tare.Cli.Oci;

/// <summary>What <c>--help</c> prints for <c>tare oci</c> and its verbs.</summary>
internal static class OciHelp
{
    public const string Summary = "Run containers from OCI bundles, with runc's command line";
    public const string Usage = "[OPTIONS] COMMAND [ARG...]";

    /// <param name="output">where to print</param>
    /// <param name="program">how the program was called: <c>tare oci</c>, <c>runc</c></param>
    public static void WriteRoot(TextWriter output, string program)
    {
        output.WriteLine($"Usage:  {program} {Usage}\n\n{Summary}\n\nCommands:");
        HelpPage.WriteColumns(output, [.. OciVerbs.All.Select(verb => (verb.Name, verb.Create().Summary))]);
        output.WriteLine("\nOptions:");
        HelpPage.WriteFlags(output, OciFlags.All);
        output.WriteLine($"\nRun '{program} COMMAND --help' for more information on a command.");
    }

    /// <inheritdoc cref="WriteRoot"/>
    public static void Write(TextWriter output, string program, string name, OciVerb verb)
    {
        output.WriteLine($"Usage:  {program} {name} {verb.Usage}".TrimEnd());
        output.WriteLine($"\n{verb.Summary}");
        if (verb.Flags.Count > 0)
        {
            output.WriteLine("\nOptions:");
            HelpPage.WriteFlags(output, verb.Flags);
        }
    }
}
