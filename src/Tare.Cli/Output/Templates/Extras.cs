// SPDX-License-Identifier: Apache-2.0
namespace Tare.Cli.Output.Templates;

/// <summary>Answers what a document has beyond its members: methods, and fields that are left out when empty.</summary>
/// <param name="name">of the field or method</param>
/// <param name="arguments">none for a field</param>
/// <param name="value">what it is</param>
/// <returns>false: there is no such thing</returns>
internal delegate bool Extras(string name, IReadOnlyList<object?> arguments, out object? value);
