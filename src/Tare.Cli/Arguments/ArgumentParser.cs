// SPDX-License-Identifier: Apache-2.0
namespace Tare.Cli.Arguments;

/// <summary>Reads a command line by the rules of docker's flag library (pflag).</summary>
/// <param name="flags">the flags that may occur</param>
/// <param name="stopsAtOperand">
/// true for verbs that pass a command line on: the first operand ends the flags, and what follows is taken as it is,
/// <c>--</c> included
/// </param>
internal sealed class ArgumentParser(IReadOnlyList<Flag> flags, bool stopsAtOperand)
{
    private readonly ParsedArguments _parsed = new();

    /// <summary>True to take <c>-name</c> for <c>--name</c>, as programs written with Go's flag package do.</summary>
    public bool OneDashIsEnough { get; init; }

    /// <summary>Parses everything after the verb.</summary>
    /// <exception cref="UsageException">an unknown flag, a missing or a wrong value</exception>
    public ParsedArguments Parse(ReadOnlySpan<string> words)
    {
        while (words.Length > 0 && !_parsed.WantsHelp)
        {
            string word = words[0];
            words = words[1..];
            if (word == "--")
            {
                _parsed.Operands.AddRange(words);
                return _parsed;
            }

            if (word.StartsWith("--", StringComparison.Ordinal))
            {
                TakeLong(word, ref words);
            }
            else if (OneDashIsEnough && word.Length > 2 && word[0] == '-' && IsLong(word))
            {
                TakeLong("-" + word, ref words);
            }
            else if (word.Length > 1 && word[0] == '-')
            {
                TakeLetters(word, ref words);
            }
            else
            {
                _parsed.Operands.Add(word);
                if (stopsAtOperand)
                {
                    _parsed.Operands.AddRange(words);
                    return _parsed;
                }
            }
        }

        return _parsed;
    }

    private bool IsLong(string word)
    {
        int equals = word.IndexOf('=', StringComparison.Ordinal);
        string name = equals < 0 ? word[1..] : word[1..equals];
        return name == "help" || Find(name) is not null;
    }

    private void TakeLong(string word, ref ReadOnlySpan<string> rest)
    {
        int equals = word.IndexOf('=', StringComparison.Ordinal);
        string name = equals < 0 ? word[2..] : word[2..equals];
        Flag? flag = Find(name);
        if (flag is null)
        {
            _parsed.WantsHelp = name == "help" ? true : throw new UsageException($"unknown flag: --{name}", 125);
        }
        else if (equals >= 0)
        {
            _parsed.Take(flag, word[(equals + 1)..]);
        }
        else
        {
            _parsed.Take(flag, flag.IsSwitch ? "true" : Next(ref rest, $"--{name}"));
        }
    }

    /// <summary><c>-it</c>, <c>-m512m</c>, <c>-m=512m</c>, <c>-itm 512m</c>.</summary>
    private void TakeLetters(string word, ref ReadOnlySpan<string> rest)
    {
        for (int at = 1; at < word.Length; at++)
        {
            char letter = word[at];
            string after = word[(at + 1)..];
            Flag? flag = Find(letter);
            if (flag is null)
            {
                _parsed.WantsHelp = letter == 'h'
                    ? true
                    : throw new UsageException($"unknown shorthand flag: '{letter}' in -{word[at..]}", 125);
                return;
            }

            if (after.StartsWith('='))
            {
                _parsed.Take(flag, after[1..]);
                return;
            }

            if (!flag.IsSwitch)
            {
                _parsed.Take(flag, after.Length > 0 ? after : Next(ref rest, $"'{letter}' in -{word[at..]}"));
                return;
            }

            _parsed.Take(flag, "true");
        }
    }

    private static string Next(ref ReadOnlySpan<string> rest, string flag)
    {
        if (rest.IsEmpty)
        {
            throw new UsageException($"flag needs an argument: {flag}", 125);
        }

        string value = rest[0];
        rest = rest[1..];
        return value;
    }

    private Flag? Find(string name)
    {
        foreach (Flag flag in flags)
        {
            if (flag.Name == name || flag.OtherName == name)
            {
                return flag;
            }
        }

        return null;
    }

    private Flag? Find(char letter)
    {
        foreach (Flag flag in flags)
        {
            if (flag.Letter == letter)
            {
                return flag;
            }
        }

        return null;
    }
}
