// SPDX-License-Identifier: Apache-2.0
namespace Tare.Build.Dockerfile;

internal sealed partial class InstructionParser
{
    private CopyInstruction Copy(InstructionLine line)
    {
        FlagSet flags = new(source, line, "from", "chown", "chmod", "link?", "parents?", "exclude*");
        (IReadOnlyList<Word> sources, IReadOnlyList<Heredoc> documents, Word destination) = Paths(line);
        return new CopyInstruction(line.Head, sources, destination)
        {
            Documents = documents,
            From = flags.Word("from") is { Text.Length: > 0 } from ? from : null,
            Chown = flags.Text("chown"),
            Chmod = flags.Text("chmod"),
            IsLinked = flags.Switch("link") ?? false,
            KeepsParents = flags.Switch("parents") ?? false,
            Excludes = [.. flags.Words("exclude").Select(static word => word.Text)],
        };
    }

    private AddInstruction Add(InstructionLine line)
    {
        FlagSet flags = new(
            source, line, "chown", "chmod", "link?", "exclude*", "checksum", "keep-git-dir?", "unpack?");
        (IReadOnlyList<Word> sources, IReadOnlyList<Heredoc> documents, Word destination) = Paths(line);
        return new AddInstruction(line.Head, sources, destination)
        {
            Documents = documents,
            Chown = flags.Text("chown"),
            Chmod = flags.Text("chmod"),
            IsLinked = flags.Switch("link") ?? false,
            Excludes = [.. flags.Words("exclude").Select(static word => word.Text)],
            Checksum = flags.Text("checksum"),
            KeepsGitDirectory = flags.Switch("keep-git-dir"),
            Unpacks = flags.Switch("unpack"),
        };
    }

    private (IReadOnlyList<Word> Sources, IReadOnlyList<Heredoc> Documents, Word Destination) Paths(InstructionLine line)
    {
        IReadOnlyList<Word> words = JsonWords.TryRead(line.Rest) is { } json
            ? [.. json.Select(text => new Word(text, line.RangeOf(0, line.Rest.Length)))]
            : line.Fields();
        if (words.Count < 2)
        {
            throw SourceError.At(
                source, line.Head.Range, $"{Keyword(line)} requires at least two arguments",
                "the last one is the destination");
        }

        Word destination = words[^1];
        if (HeredocWord.TryParse(destination.Text) is not null)
        {
            throw SourceError.At(source, destination.Range, "a heredoc can not be the destination");
        }

        List<Word> sources = [];
        List<Heredoc> documents = [];
        foreach (Word word in words.SkipLast(1))
        {
            Heredoc? announced = HeredocWord.TryParse(word.Text);
            if (announced is null)
            {
                sources.Add(word);
            }
            else
            {
                documents.Add(line.Heredocs.LastOrDefault(heredoc => heredoc.Name == announced.Name) ?? announced);
            }
        }

        return (sources, documents, destination);
    }
}
