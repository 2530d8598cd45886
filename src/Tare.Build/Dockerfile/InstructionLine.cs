// SPDX-License-Identifier: Apache-2.0
namespace Tare.Build.Dockerfile;

/// <summary>An instruction taken apart into keyword, flags and the rest, before its own grammar is looked at.</summary>
internal sealed class InstructionLine
{
    private readonly LogicalLine _line;

    private InstructionLine(LogicalLine line, InstructionHead head, List<Flag> flags, int restStart, string rest)
    {
        _line = line;
        Head = head;
        Flags = flags;
        RestStart = restStart;
        Rest = rest;
    }

    public InstructionHead Head { get; }

    /// <summary>Words at the beginning that begin with <c>--</c>.</summary>
    public IReadOnlyList<Flag> Flags { get; }

    /// <summary>What follows the flags, trimmed.</summary>
    public string Rest { get; }

    /// <summary>Where <see cref="Rest"/> begins in the joined text.</summary>
    public int RestStart { get; }

    public IReadOnlyList<Heredoc> Heredocs { get; init; } = [];

    /// <summary>Reads the line from the place on; ONBUILD has an instruction inside.</summary>
    public static InstructionLine Read(LogicalLine line, int from, IReadOnlyList<string> comments)
    {
        string text = line.Text;
        int start = Skip(text, from, char.IsWhiteSpace);
        int end = Skip(text, start, static c => !IsSeparator(c));
        InstructionHead head = new(
            text[start..end],
            text[from..].Trim(),
            line.Range(start, text.AsSpan(start).TrimEnd().Length),
            line.Range(start, end - start),
            comments);
        (List<Flag> flags, int rest) = FlagReader.Read(line, end);
        rest = Skip(text, rest, char.IsWhiteSpace);
        return new InstructionLine(line, head, flags, rest, text[rest..].TrimEnd());
    }

    public InstructionLine WithHeredocs(IReadOnlyList<Heredoc> heredocs) =>
        new(_line, Head, [.. Flags], RestStart, Rest) { Heredocs = heredocs };

    /// <summary>The instruction inside, of ONBUILD.</summary>
    public InstructionLine Inner() =>
        Read(_line, RestStart, Head.Comments).WithHeredocs(Heredocs);

    /// <summary>The rest, split at white space only: quotes mean nothing.</summary>
    public IReadOnlyList<Word> Fields()
    {
        List<Word> words = [];
        for (int at = 0; at < Rest.Length;)
        {
            int end = Skip(Rest, at, static c => !IsSeparator(c));
            words.Add(At(at, end - at));
            at = Skip(Rest, end, IsSeparator);
        }

        return words;
    }

    /// <summary>A stretch of <see cref="Rest"/> as a word.</summary>
    public Word At(int start, int length) => new(Rest.Substring(start, length), RangeOf(start, length));

    /// <summary>Where a stretch of <see cref="Rest"/> stands.</summary>
    public SourceRange RangeOf(int start, int length) => _line.Range(RestStart + start, length);

    /// <summary>White space between words; others, such as a no-break space, belong to them.</summary>
    public static bool IsSeparator(char c) => c is ' ' or '\t' or '\v' or '\f' or '\r';

    private static int Skip(string text, int at, Func<char, bool> while_)
    {
        while (at < text.Length && while_(text[at]))
        {
            at++;
        }

        return at;
    }
}
