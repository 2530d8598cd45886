// SPDX-License-Identifier: Apache-2.0
using Tare.Oci;

namespace Tare.Build.Dockerfile;

/// <summary>The grammar of each instruction.</summary>
internal sealed partial class InstructionParser(SourceText source, char escape)
{
    private static readonly string[] Keywords =
    [
        "ADD", "ARG", "CMD", "COPY", "ENTRYPOINT", "ENV", "EXPOSE", "FROM", "HEALTHCHECK", "LABEL", "MAINTAINER",
        "ONBUILD", "RUN", "SHELL", "STOPSIGNAL", "USER", "VOLUME", "WORKDIR",
    ];

    /// <summary>Parses one instruction.</summary>
    /// <exception cref="TareException">InvalidArgument with its place</exception>
    public Instruction Parse(InstructionLine line)
    {
        try
        {
            return ByKeyword(line);
        }
        catch (FormatException malformed)
        {
            throw SourceError.At(source, line.Head.Range, $"{Keyword(line)}: {malformed.Message}");
        }
    }

    /// <summary>Refuses what may not be a trigger.</summary>
    /// <exception cref="TareException">InvalidArgument for ONBUILD, FROM and MAINTAINER</exception>
    public void CheckTrigger(InstructionLine inner)
    {
        string keyword = Keyword(inner);
        if (keyword is "ONBUILD" or "FROM" or "MAINTAINER")
        {
            throw SourceError.At(source, inner.Head.KeywordRange, $"{keyword} may not be an ONBUILD trigger");
        }
    }

    private static string Keyword(InstructionLine line) => line.Head.Keyword.ToUpperInvariant();

    private Instruction ByKeyword(InstructionLine line) => Keyword(line) switch
    {
        "FROM" => From(line),
        "ARG" => Arg(line),
        "RUN" => Run(line),
        "COPY" => Copy(line),
        "ADD" => Add(line),
        "ENV" => new EnvInstruction(line.Head, Pairs(line)),
        "LABEL" => new LabelInstruction(line.Head, Pairs(line)),
        "EXPOSE" => new ExposeInstruction(
            line.Head, [.. Some(line, line.Fields()).Select(static word => word.Text).Order(StringComparer.Ordinal)]),
        "VOLUME" => Volume(line),
        "USER" => new UserInstruction(line.Head, One(line)),
        "WORKDIR" => new WorkdirInstruction(line.Head, One(line)),
        "CMD" => new CmdInstruction(line.Head, Command(line)),
        "ENTRYPOINT" => new EntrypointInstruction(line.Head, Command(line)),
        "SHELL" => Shell(line),
        "STOPSIGNAL" => new StopSignalInstruction(line.Head, One(line)),
        "HEALTHCHECK" => Healthcheck(line),
        "ONBUILD" => Onbuild(line),
        "MAINTAINER" => new MaintainerInstruction(line.Head, One(line)),
        _ => throw SourceError.At(
            source, line.Head.KeywordRange, $"unknown instruction: {line.Head.Keyword}",
            SourceError.DidYouMean(Keyword(line), Keywords)),
    };

    private FromInstruction From(InstructionLine line)
    {
        FlagSet flags = new(source, line, "platform");
        IReadOnlyList<Word> words = line.Fields();
        switch (words)
        {
            case [{ } image]:
                return new FromInstruction(line.Head, image, null, flags.Word("platform"), null, null);
            case [{ } image, { } as_, { } name] when as_.Text.Equals("as", StringComparison.OrdinalIgnoreCase):
                return new FromInstruction(
                    line.Head, image, StageName(name), flags.Word("platform"), as_.Text, name.Text);
            case [_, { } other, _]:
                throw SourceError.At(source, other.Range, $"{Quoted.Text(other.Text)} stands where AS is meant", "write FROM image AS name");
            default:
                throw SourceError.At(
                    source, line.Head.Range, "FROM requires either one or three arguments",
                    "write FROM image or FROM image AS name");
        }
    }

    private string StageName(Word written)
    {
        string name = written.Text.ToLowerInvariant();
        bool isName = char.IsAsciiLetter(name[0])
            && name.All(static c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.');
        return isName ? name : throw SourceError.At(
            source, written.Range, $"invalid name for build stage: {Quoted.Text(written.Text)}",
            "it begins with a letter; letters, digits, '-', '_' and '.' follow");
    }

    private ArgInstruction Arg(InstructionLine line)
    {
        _ = new FlagSet(source, line);
        List<ArgDefinition> definitions = [];
        foreach ((string word, int start, int end) in WordSplitter.Split(line.Rest, escape))
        {
            int equals = word.IndexOf('=');
            string name = equals < 0 ? word : word[..equals];
            SourceRange range = line.RangeOf(start, end - start);
            definitions.Add(name.Length == 0
                ? throw SourceError.At(source, range, "the name of an ARG is empty")
                : new ArgDefinition(
                    name, equals < 0 ? null : word[(equals + 1)..], range, line.Head.DescriptionOf(name)));
        }

        return new ArgInstruction(line.Head, Some(line, definitions));
    }

    private List<Assignment> Pairs(InstructionLine line)
    {
        _ = new FlagSet(source, line);
        IReadOnlyList<(string Word, int Start, int End)> words = Some(line, WordSplitter.Split(line.Rest, escape));
        if (!words[0].Word.Contains('='))
        {
            return [Legacy(line)];
        }

        List<Assignment> pairs = [];
        foreach ((string word, int start, int end) in words)
        {
            SourceRange range = line.RangeOf(start, end - start);
            int equals = word.IndexOf('=');
            pairs.Add(
                equals < 0 ? throw SourceError.At(
                    source, range, $"no '=' in {Quoted.Text(word)}",
                    "write name=value; a value with spaces stands in quotes")
                : equals == 0 ? throw SourceError.At(source, range, $"{Keyword(line)} names can not be blank")
                : new Assignment(word[..equals], word[(equals + 1)..], IsLegacy: false));
        }

        return pairs;
    }

    private Assignment Legacy(InstructionLine line)
    {
        int end = line.Rest.AsSpan().IndexOfAny(" \t\v\f\r");
        if (end < 0)
        {
            throw SourceError.At(
                source, line.RangeOf(0, line.Rest.Length), $"{Keyword(line)} must have two arguments",
                $"write {Keyword(line)} {line.Rest}=value");
        }

        return new Assignment(line.Rest[..end], line.Rest[end..].TrimStart(' ', '\t', '\v', '\f', '\r'), IsLegacy: true);
    }

    /// <summary>Everything behind the keyword as one argument.</summary>
    private string One(InstructionLine line)
    {
        _ = new FlagSet(source, line);
        return line.Rest.Length > 0 ? line.Rest : throw SourceError.At(
            source, line.Head.Range, $"{Keyword(line)} requires exactly one argument");
    }

    private IReadOnlyList<T> Some<T>(InstructionLine line, IReadOnlyList<T> words) => words.Count > 0 ? words
        : throw SourceError.At(source, line.Head.Range, $"{Keyword(line)} requires at least one argument");
}
