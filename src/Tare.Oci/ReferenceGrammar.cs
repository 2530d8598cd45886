// SPDX-License-Identifier: Apache-2.0
using System.Buffers;
using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace Tare.Oci;

/// <summary>The terminal rules of references; each answers in linear time.</summary>
/// <remarks>distribution reference grammar: domain, path-component, tag.</remarks>
internal static class ReferenceGrammar
{
    /// <summary>Characters of a repository path.</summary>
    public const int MaxNameLength = 255;

    /// <summary>Characters of a whole reference: registry and path (255 each), tag, sha512.</summary>
    private const int MaxTextLength = (2 * MaxNameLength) + MaxTagLength + Digest.MaxTextLength + 3;

    private const int MaxTagLength = 128;
    private const int IdLength = 64;
    private static readonly SearchValues<char> LowerHex = SearchValues.Create("0123456789abcdef");
    private static readonly SearchValues<char> AddressChars = SearchValues.Create("0123456789abcdefABCDEF:");

    /// <summary>Null, or why the text as a whole cannot be a reference.</summary>
    public static string? RefuseWhole(string text) =>
        text.Length == 0 ? "it is empty"
        : text.Length > MaxTextLength ? $"it is longer than {MaxTextLength} characters"
        : IsBareId(text) ? "64 hex digits are an image ID, not a name"
        : null;

    /// <summary>A letter, digit or '_', then up to 127 of these and '.', '-'.</summary>
    public static bool IsTag(ReadOnlySpan<char> tag)
    {
        if (tag.Length is 0 or > MaxTagLength || tag[0] is '.' or '-')
        {
            return false;
        }
        foreach (char c in tag)
        {
            if (!char.IsAsciiLetterOrDigit(c) && c is not ('_' or '.' or '-'))
            {
                return false;
            }
        }
        return true;
    }

    /// <summary>64 lower-case hex digits: docker refuses these as a name, so that they cannot be taken for an
    /// ID.</summary>
    private static bool IsBareId(ReadOnlySpan<char> text) =>
        text.Length == IdLength && !text.ContainsAnyExcept(LowerHex);

    /// <summary>Null when the text is <c>host[:port]</c>, else the reason.</summary>
    public static string? RefuseRegistry(ReadOnlySpan<char> registry)
    {
        if (registry.Length > MaxNameLength)
        {
            return $"the registry's name is longer than {MaxNameLength} characters";
        }
        bool isBracketed = registry.StartsWith('[');
        int hostEnd = isBracketed ? registry.IndexOf(']') + 1 : registry.IndexOf(':');
        ReadOnlySpan<char> host = hostEnd < 0 ? registry : registry[..hostEnd];
        ReadOnlySpan<char> port = registry[host.Length..];
        if (isBracketed ? !IsIpv6(host) : !IsDomain(host))
        {
            return $"{Quoted.Text(registry)} is not a registry";
        }
        bool isPortFine = port.IsEmpty
            || (port[0] == ':' && port.Length is > 1 and <= 6 && !port[1..].ContainsAnyExceptInRange('0', '9')
                && int.Parse(port[1..], CultureInfo.InvariantCulture) is > 0 and <= ushort.MaxValue);
        return isPortFine ? null : $"the port of {Quoted.Text(registry)} is not 1 to {ushort.MaxValue}";
    }

    /// <summary>Null when the text is a path of lower-case components, else the reason.</summary>
    public static string? RefuseRepository(ReadOnlySpan<char> repository)
    {
        if (repository.Length > MaxNameLength)
        {
            return $"the repository's name is longer than {MaxNameLength} characters";
        }
        if (repository.ContainsAnyInRange('A', 'Z'))
        {
            return "the repository's name must be lower case";
        }
        foreach (Range part in repository.Split('/'))
        {
            if (!IsComponent(repository[part]))
            {
                return $"{Quoted.Text(repository)} is not a repository's name";
            }
        }
        return null;
    }

    /// <summary>Runs of lower-case letters and digits, between them one of '.', '_', '__' or any number of
    /// '-'.</summary>
    private static bool IsComponent(ReadOnlySpan<char> part)
    {
        int separator = 0;
        bool isInside = false;
        for (int i = 0; i < part.Length; i++)
        {
            char c = part[i];
            if (char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c))
            {
                if (separator > 0 && !IsSeparator(part.Slice(i - separator, separator)))
                {
                    return false;
                }
                separator = 0;
                isInside = true;
            }
            else if (isInside && c is '.' or '_' or '-')
            {
                separator++;
            }
            else
            {
                return false;
            }
        }
        return isInside && separator == 0;
    }

    private static bool IsSeparator(ReadOnlySpan<char> text) =>
        text is "." or "_" or "__" || !text.ContainsAnyExcept('-');

    private static bool IsDomain(ReadOnlySpan<char> host)
    {
        foreach (Range range in host.Split('.'))
        {
            ReadOnlySpan<char> label = host[range];
            if (label.IsEmpty || label[0] == '-' || label[^1] == '-')
            {
                return false;
            }
            foreach (char c in label)
            {
                if (!char.IsAsciiLetterOrDigit(c) && c != '-')
                {
                    return false;
                }
            }
        }
        return true;
    }

    private static bool IsIpv6(ReadOnlySpan<char> host) =>
        host.Length > 2 && host[^1] == ']' && !host[1..^1].ContainsAnyExcept(AddressChars)
        && IPAddress.TryParse(host[1..^1], out IPAddress? address)
        && address.AddressFamily == AddressFamily.InterNetworkV6;
}
