// SPDX-License-Identifier: Apache-2.0
using System.Buffers;

namespace Tare.Build.Graph;

/// <summary>Modes of <c>--chmod</c>: octal up to 7777, or symbolic as chmod(1) has them.</summary>
internal static class FileModeText
{
    private static readonly SearchValues<char> Permissions = SearchValues.Create("rwxXst");

    /// <summary>True when it is one.</summary>
    public static bool IsValid(string text) => IsOctal(text) || text.Split(',').All(IsClause);

    private static bool IsOctal(string text) =>
        text.TrimStart('0').Length <= 4 && text.Length is > 0 and <= 16 && text.All(static c => c is >= '0' and <= '7');

    private static bool IsClause(string clause)
    {
        int at = clause.AsSpan().IndexOfAnyExcept("ugoa");
        if (at < 0)
        {
            return false;
        }

        ReadOnlySpan<char> rest = clause.AsSpan(at);
        while (!rest.IsEmpty)
        {
            if (rest[0] is not ('+' or '-' or '='))
            {
                return false;
            }

            rest = rest[1..];
            int end = rest.IndexOfAny("+-=");
            ReadOnlySpan<char> permissions = end < 0 ? rest : rest[..end];
            bool isCopy = permissions is "u" or "g" or "o";
            if (!isCopy && permissions.ContainsAnyExcept(Permissions))
            {
                return false;
            }

            rest = rest[permissions.Length..];
        }

        return true;
    }
}
