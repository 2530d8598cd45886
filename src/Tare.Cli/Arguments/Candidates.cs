// SPDX-License-Identifier: Apache-2.0
namespace Tare.Cli.Arguments;

/// <summary>What a shell may offer at some place of a command line.</summary>
internal enum Candidates
{
    None,
    Files,
    Images,
    Containers,
    Verbs,
}
