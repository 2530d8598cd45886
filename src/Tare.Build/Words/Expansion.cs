// SPDX-License-Identifier: Apache-2.0
namespace Tare.Build.Words;

/// <summary>What came out of word processing.</summary>
/// <param name="Text">everything as one word, its white space kept</param>
/// <param name="Words">the words, split at white space that was not quoted</param>
/// <param name="Matched">names of variables that had a value</param>
/// <param name="Unmatched">names of variables that had none</param>
internal sealed record Expansion(
    string Text, IReadOnlyList<string> Words, IReadOnlySet<string> Matched, IReadOnlySet<string> Unmatched);
