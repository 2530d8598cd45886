// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using Tare.Linux.Interop;
using Tare.Linux.Processes;

namespace Tare.Runtime.Planning.Steps;

/// <summary>Sets a limit of the process.</summary>
/// <param name="Name">as in C</param>
/// <param name="Resource">its number</param>
/// <param name="Soft">what is enforced; 2⁶⁴−1 is unlimited</param>
/// <param name="Hard">up to where the process may raise it</param>
internal sealed record SetRlimit(string Name, int Resource, ulong Soft, ulong Hard) : Step
{
    public override string Action => $"set {Name} {Text(Soft)}:{Text(Hard)}";

    internal override void Lower(Lowering to) => to.Call(
        SystemCall.prlimit64, 0, Resource, Arg.Block(Field.U64(Soft), Field.U64(Hard)), Arg.Null);

    private static string Text(ulong value) =>
        value == ulong.MaxValue ? "unlimited" : value.ToString(CultureInfo.InvariantCulture);
}
