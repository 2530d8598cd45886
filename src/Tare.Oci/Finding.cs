// SPDX-License-Identifier: Apache-2.0
namespace Tare.Oci;

/// <summary>Something that <c>system check</c> found and that does not belong, or is missing.</summary>
/// <param name="Kind">one lower-case word: <c>blob</c>, <c>cgroup</c>, <c>mount</c> …</param>
/// <param name="Subject">what it is about; with <paramref name="Kind"/> the same at every look</param>
/// <param name="Text">what is wrong with it</param>
/// <param name="Repairable">true when <c>--repair</c> can put it right</param>
/// <param name="Hint">what the user can do, or null</param>
internal sealed record Finding(string Kind, string Subject, string Text, bool Repairable, string? Hint = null)
{
    /// <summary>True when both looks saw the same thing, whatever else changed about it.</summary>
    public bool IsAbout(Finding other) => Kind == other.Kind && Subject == other.Subject;

    public override string ToString() => $"{Kind}  {Subject}: {Text}";
}
