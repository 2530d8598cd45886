// SPDX-License-Identifier: Apache-2.0
using System.Text.RegularExpressions;
using Tare.Oci;

namespace Tare.Cli.Commands;

/// <summary>A name filter of docker's: a regular expression, looked for in the name with and without its slash.</summary>
internal sealed class NameMatch
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);

    private readonly Regex _pattern;

    private NameMatch(Regex pattern) => _pattern = pattern;

    /// <exception cref="TareException">InvalidArgument: it is no expression</exception>
    public static NameMatch Parse(string text)
    {
        try
        {
            return new(new Regex(text, RegexOptions.CultureInvariant, Patience));
        }
        catch (ArgumentException)
        {
            throw new TareException(ErrorKind.InvalidArgument, $"invalid filter 'name={text}': not a regular expression");
        }
    }

    /// <exception cref="TareException">ResourceExhausted: the expression takes for ever</exception>
    public bool Fits(string name)
    {
        try
        {
            return _pattern.IsMatch(name) || _pattern.IsMatch("/" + name);
        }
        catch (RegexMatchTimeoutException)
        {
            throw new TareException(ErrorKind.ResourceExhausted, $"filter name={_pattern}: it takes too long on \"{name}\"");
        }
    }
}
