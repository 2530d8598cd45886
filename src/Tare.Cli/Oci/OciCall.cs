// SPDX-License-Identifier: Apache-2.0
using Tare.Cli.Arguments;

namespace Tare.Cli.Oci;

/// <summary>What a verb of <c>tare oci</c> was called with.</summary>
/// <param name="Root">the folder of the containers' states (<c>--root</c>), absolute; perhaps not there yet</param>
/// <param name="Log">where warnings go; errors are thrown</param>
/// <param name="Arguments">the verb's own flags and operands</param>
/// <param name="Output">standard output as text; flushed when the verb is done, or by itself before a long wait</param>
internal sealed record OciCall(string Root, OciLog Log, ParsedArguments Arguments, TextWriter Output)
{
    public T Get<T>(Flag<T> flag) => Arguments.Get(flag);

    public IReadOnlyList<string> Operands => Arguments.Operands;
}
