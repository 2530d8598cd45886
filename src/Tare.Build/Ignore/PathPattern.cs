// SPDX-License-Identifier: Apache-2.0
using System.Text;

namespace Tare.Build.Ignore;

/// <summary>A compiled pattern over slash-separated paths: literals, <c>*</c>, <c>?</c>, <c>**</c>, classes,
/// escapes.</summary>
/// <remarks>Matching is by sets of states: its time is at most pattern times path, whatever the pattern.</remarks>
internal sealed class PathPattern
{
    /// <summary>Characters of one pattern.</summary>
    public const int MaxLength = 4096;

    private readonly List<Token> _tokens = [];

    private PathPattern()
    {
    }

    private enum TokenKind
    {
        Exact,
        OneOf,
        One,

        /// <summary>Any number of characters but '/'.</summary>
        Many,

        /// <summary>Any number of characters.</summary>
        Deep,

        /// <summary>Nothing: the next token, or the one some places further.</summary>
        Either,
    }

    /// <summary>As Go's filepath.Match reads it: <c>**</c> is twice <c>*</c>.</summary>
    /// <exception cref="FormatException">a class or an escape is malformed</exception>
    public static PathPattern Shallow(string pattern) => Compile(pattern, isDeep: false);

    /// <summary>As .dockerignore reads it: <c>**/</c> is any number of folders, <c>**</c> at the end anything.</summary>
    /// <exception cref="FormatException">a class or an escape is malformed</exception>
    public static PathPattern WithDepth(string pattern) => Compile(pattern, isDeep: true);

    /// <summary>True when the whole path fits.</summary>
    public bool Matches(string path) => Matches(path, orParent: false);

    /// <summary>True when the path fits, or a folder that it is in.</summary>
    public bool MatchesPathOrParent(string path) => Matches(path, orParent: true);

    private bool Matches(string path, bool orParent)
    {
        bool[] states = new bool[_tokens.Count + 1];
        states[0] = true;
        Skip(states);
        foreach (Rune rune in path.EnumerateRunes())
        {
            if (orParent && rune.Value == '/' && states[^1])
            {
                return true;
            }

            bool[] next = new bool[states.Length];
            for (int s = 0; s < _tokens.Count; s++)
            {
                if (states[s] && _tokens[s].Accepts(rune))
                {
                    next[_tokens[s].Repeats ? s : s + 1] = true;
                }
            }

            states = next;
            Skip(states);
        }

        return states[^1];
    }

    private void Skip(bool[] states)
    {
        for (int s = 0; s < _tokens.Count; s++)
        {
            states[s + 1] |= states[s] && _tokens[s].IsOptional;
            states[s + _tokens[s].Other] |= states[s];
        }
    }

    private static PathPattern Compile(string pattern, bool isDeep)
    {
        if (pattern.Length > MaxLength)
        {
            throw new FormatException($"a pattern of {pattern.Length} characters, it may have {MaxLength}");
        }

        PathPattern compiled = new();
        Rune[] runes = [.. pattern.EnumerateRunes()];
        for (int i = 0; i < runes.Length; i++)
        {
            switch (runes[i].Value)
            {
                case '*' when isDeep && i + 1 < runes.Length && runes[i + 1].Value == '*':
                    i = compiled.AddDeep(runes, i);
                    break;
                case '*':
                    compiled._tokens.Add(new Token(TokenKind.Many));
                    break;
                case '?':
                    compiled._tokens.Add(new Token(TokenKind.One));
                    break;
                case '[':
                    compiled._tokens.Add(new Token(TokenKind.OneOf) { Class = CharacterClass.Read(runes, ref i) });
                    break;
                case '\\':
                    i++;
                    compiled._tokens.Add(i < runes.Length
                        ? new Token(TokenKind.Exact) { Value = runes[i] }
                        : throw new FormatException("nothing follows the backslash"));
                    break;
                default:
                    compiled._tokens.Add(new Token(TokenKind.Exact) { Value = runes[i] });
                    break;
            }
        }

        return compiled;
    }

    private int AddDeep(Rune[] runes, int at)
    {
        at++;
        bool eatsSlash = at + 1 < runes.Length && runes[at + 1].Value == '/';
        at += eatsSlash ? 1 : 0;
        if (at + 1 == runes.Length)
        {
            _tokens.Add(new Token(TokenKind.Deep));
            return at;
        }

        // nothing, or anything that ends with a slash
        _tokens.Add(new Token(TokenKind.Either) { Other = 3 });
        _tokens.Add(new Token(TokenKind.Deep));
        _tokens.Add(new Token(TokenKind.Exact) { Value = new Rune('/') });
        return at;
    }

    private readonly record struct Token(TokenKind Kind)
    {
        public Rune Value { get; init; }

        public CharacterClass? Class { get; init; }

        /// <summary>How far the other way leads; 0 when there is none.</summary>
        public int Other { get; init; }

        public bool Repeats => Kind is TokenKind.Many or TokenKind.Deep;

        public bool IsOptional => Repeats || Kind == TokenKind.Either;

        public bool Accepts(Rune rune) => Kind switch
        {
            TokenKind.Exact => rune == Value,
            TokenKind.OneOf => Class!.Contains(rune),
            TokenKind.Deep => true,
            TokenKind.Either => false,
            _ => rune.Value != '/',
        };
    }
}
