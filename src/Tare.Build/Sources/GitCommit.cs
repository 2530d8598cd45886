// SPDX-License-Identifier: Apache-2.0
namespace Tare.Build.Sources;

/// <summary>What a ref of a repository is at this moment.</summary>
/// <param name="Id">of the commit: 40 or 64 lower-case hex digits</param>
/// <param name="Ref">its whole name (<c>refs/…</c>, <c>HEAD</c>); null when the commit itself was named</param>
/// <param name="Tag">of the annotated tag that leads there, or null</param>
internal sealed record GitCommit(string Id, string? Ref, string? Tag)
{
    private const int Sha1Digits = 40;
    private const int Sha256Digits = 64;

    /// <summary>True for a whole id of an object.</summary>
    public static bool IsId(string text) =>
        text.Length is Sha1Digits or Sha256Digits && text.All(static c => char.IsAsciiHexDigitLower(c) || char.IsAsciiDigit(c));

    /// <summary>True when it is what the user pinned: the commit or the tag, whole or their beginning.</summary>
    public bool Fits(string checksum) =>
        Id.StartsWith(checksum, StringComparison.Ordinal) || Tag?.StartsWith(checksum, StringComparison.Ordinal) == true;
}
