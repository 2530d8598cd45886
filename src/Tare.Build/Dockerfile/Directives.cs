// SPDX-License-Identifier: Apache-2.0
using Tare.Oci;

namespace Tare.Build.Dockerfile;

/// <summary>The parser directives at the head of a Dockerfile: <c># escape=`</c>, <c># syntax=…</c>,
/// <c># check=…</c>.</summary>
/// <remarks>They count only before anything else, a comment included, and each only once.</remarks>
internal sealed class Directives
{
    private bool _isOver;

    /// <summary>What escapes and continues lines: backslash or backtick.</summary>
    public char Escape { get; private set; } = '\\';

    /// <summary>The value of <c># syntax=</c>, or null.</summary>
    public string? Syntax { get; private set; }

    /// <summary>The value of <c># check=</c>, or null.</summary>
    public string? Check { get; private set; }

    /// <summary>Where <see cref="Check"/> stands.</summary>
    public SourceRange CheckRange { get; private set; }

    private bool _hasEscape;

    /// <summary>True when the line is a directive and was taken.</summary>
    /// <exception cref="TareException">InvalidArgument when it is repeated or its value is unknown</exception>
    public bool Take(string line, SourceText source, int number)
    {
        if (_isOver || !TrySplit(line, out string name, out string value))
        {
            _isOver = true;
            return false;
        }

        SourceRange range = new(number, 1, number, line.Length + 1);
        bool isRepeated;
        switch (name)
        {
            case "escape":
                isRepeated = _hasEscape;
                _hasEscape = true;
                Escape = value is "\\" or "`" ? value[0] : throw SourceError.At(
                    source, range, $"escape is {Quoted.Text(value)}", "it must be \\ or `");
                break;
            case "syntax":
                isRepeated = Syntax is not null;
                Syntax = value;
                break;
            case "check":
                isRepeated = Check is not null;
                Check = value;
                CheckRange = range;
                break;
            default:
                _isOver = true;
                return false;
        }

        return isRepeated ? throw SourceError.At(source, range, $"a second {name} directive, there may be one") : true;
    }

    /// <summary>True for a frontend that this builder is itself: docker/dockerfile in any version.</summary>
    public static bool IsBuiltIn(string syntax)
    {
        string name = syntax.Split(' ')[0];
        int at = name.IndexOf('@');
        name = at < 0 ? name : name[..at];
        int colon = name.LastIndexOf(':');
        name = colon > name.LastIndexOf('/') ? name[..colon] : name;
        return name is "docker/dockerfile" or "docker.io/docker/dockerfile" or "docker/dockerfile-upstream"
            or "docker.io/docker/dockerfile-upstream" or "index.docker.io/docker/dockerfile";
    }

    private static bool TrySplit(string line, out string name, out string value)
    {
        name = value = "";
        int equals = line.IndexOf('=');
        if (!line.StartsWith('#') || equals < 0)
        {
            return false;
        }

        name = line[1..equals].Trim();
        value = line[(equals + 1)..].Trim();
        bool isName = name.Length > 0 && char.IsAsciiLetter(name[0]) && name.All(char.IsAsciiLetterOrDigit);
        name = name.ToLowerInvariant();
        return isName && value.Length > 0;
    }
}
