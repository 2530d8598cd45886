// SPDX-License-Identifier: Apache-2.0
namespace Tare.Build.Words;

/// <summary>What word processing keeps, for the few callers that need the text still quoted.</summary>
/// <param name="Escape">backslash or backtick</param>
internal sealed record ExpansionStyle(char Escape)
{
    /// <summary>Quotes stay in the result.</summary>
    public bool KeepsQuotes { get; init; }

    /// <summary>Escape characters stay in the result.</summary>
    public bool KeepsEscapes { get; init; }

    /// <summary>References to variables without a value stay as they are written.</summary>
    public bool KeepsUnset { get; init; }

    /// <summary>Quotes are ordinary characters, as in the text of a heredoc.</summary>
    public bool IgnoresQuotes { get; init; }

    /// <summary><c>&lt;&lt;</c> takes the white space behind it into its word.</summary>
    public bool JoinsHeredocs { get; init; }
}
