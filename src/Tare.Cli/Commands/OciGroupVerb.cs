// SPDX-License-Identifier: Apache-2.0
using Tare.Cli.Oci;

namespace Tare.Cli.Commands;

/// <summary><c>tare oci</c> among the others: for the help, the man page, and flags before it.</summary>
internal static class OciGroupVerb
{
    public const string Name = "oci";

    /// <summary>The whole program by its longer name.</summary>
    public const string Program = "tare oci";

    public static Verb Create() =>
        new(OciHelp.Summary, OciHelp.Usage, (session, arguments) =>
            OciProgram.Run(Program, arguments, session.Output, session.Error))
        {
            Flags = OciFlags.All,
            StopsAtOperand = true,
            NeedsRoot = false,
            Examples =
            [
                ("tare oci spec -b bundle", "a config.json to begin with"),
                ("tare oci plan -b bundle", "what would be done for it, call by call"),
            ],
        };
}
