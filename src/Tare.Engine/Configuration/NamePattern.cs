// SPDX-License-Identifier: Apache-2.0
using System.Text.RegularExpressions;
using Tare.Oci;

namespace Tare.Engine.Configuration;

/// <summary>Which names of labels or variables go into a log: a regular expression that is looked for in them.</summary>
internal static class NamePattern
{
    private const int MaxCharacters = 1024;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);

    /// <summary>Null when it is an expression, else why not.</summary>
    public static string? WhyNot(string text)
    {
        try
        {
            _ = Of(text);
            return text.Length <= MaxCharacters ? null : $"longer than {MaxCharacters} characters";
        }
        catch (ArgumentException)
        {
            return "not a regular expression";
        }
    }

    /// <summary>Of those names, the ones that fit.</summary>
    /// <param name="text">an expression</param>
    /// <param name="names">any</param>
    /// <exception cref="TareException">ResourceExhausted: the expression takes for ever</exception>
    public static IReadOnlyList<string> Choose(string text, IEnumerable<string> names)
    {
        try
        {
            Regex pattern = Of(text);
            return [.. names.Where(name => pattern.IsMatch(name))];
        }
        catch (RegexMatchTimeoutException)
        {
            throw new TareException(ErrorKind.ResourceExhausted, $"log-opt {Quoted.Text(text)}: the expression takes too long");
        }
    }

    private static Regex Of(string text) => new(text, RegexOptions.CultureInvariant, Patience);
}
