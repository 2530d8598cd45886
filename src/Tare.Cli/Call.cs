// SPDX-License-Identifier: Apache-2.0
namespace Tare.Cli;

/// <summary>A verb by the name that somebody used for it.</summary>
/// <param name="Name">the name used, such as <c>images</c> or <c>image ls</c></param>
/// <param name="Names">all its names, the first the one that help and man pages prefer</param>
/// <param name="Create">builds the verb's flags and action</param>
internal sealed record Call(string Name, IReadOnlyList<string> Names, Func<Verb> Create);
