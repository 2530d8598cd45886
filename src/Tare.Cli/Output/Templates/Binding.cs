// SPDX-License-Identifier: Apache-2.0
namespace Tare.Cli.Output.Templates;

/// <summary>The variables before <c>:=</c> or <c>=</c>.</summary>
/// <param name="Names">without their dollar signs; two, for key and value, only in a range</param>
/// <param name="Declares">true for <c>:=</c></param>
internal sealed record Binding(IReadOnlyList<string> Names, bool Declares);
