// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using Tare.Oci;

namespace Tare.Build.Dockerfile;

internal sealed partial class InstructionParser
{
    private const long Millisecond = 1_000_000;

    private CommandLine Command(InstructionLine line)
    {
        _ = new FlagSet(source, line);
        return CommandOf(line.Rest);
    }

    private static CommandLine CommandOf(string text) => JsonWords.TryRead(text) is { } words
        ? new CommandLine(words, IsShell: false)
        : new CommandLine([text], IsShell: true);

    private VolumeInstruction Volume(InstructionLine line)
    {
        _ = new FlagSet(source, line);
        IReadOnlyList<string> paths = JsonWords.TryRead(line.Rest) ?? [.. line.Fields().Select(static word => word.Text)];
        return new VolumeInstruction(
            line.Head,
            [.. Some(line, paths).Select(path => path.Trim() is { Length: > 0 } trimmed ? trimmed
                : throw SourceError.At(source, line.Head.Range, "VOLUME: a path is empty"))]);
    }

    private ShellInstruction Shell(InstructionLine line)
    {
        _ = new FlagSet(source, line);
        return JsonWords.TryRead(line.Rest) is not { } words
            ? throw SourceError.At(
                source, line.Head.Range, "SHELL requires the arguments to be in JSON form",
                "write SHELL [\"/bin/sh\", \"-c\"]")
            : new ShellInstruction(line.Head, Some(line, words));
    }

    private OnbuildInstruction Onbuild(InstructionLine line)
    {
        _ = new FlagSet(source, line);
        if (line.Rest.Length == 0)
        {
            throw SourceError.At(source, line.Head.Range, "ONBUILD requires at least one argument");
        }

        InstructionLine inner = line.Inner();
        CheckTrigger(inner);
        Parse(inner);
        return new OnbuildInstruction(
            line.Head,
            line.Rest + string.Concat(line.Heredocs.Select(static heredoc => "\n" + heredoc.Content + heredoc.Name)));
    }

    private HealthcheckInstruction Healthcheck(InstructionLine line)
    {
        int end = line.Rest.AsSpan().IndexOfAny(" \t\v\f\r");
        string type = end < 0 ? line.Rest : line.Rest[..end];
        string rest = end < 0 ? "" : line.Rest[end..].TrimStart();
        switch (type.ToUpperInvariant())
        {
            case "":
                throw SourceError.At(source, line.Head.Range, "HEALTHCHECK requires at least one argument");
            case "NONE" when rest.Length == 0:
                _ = new FlagSet(source, line);
                return new HealthcheckInstruction(line.Head, new Healthcheck { Test = ["NONE"] });
            case "NONE":
                throw SourceError.At(source, line.Head.Range, "HEALTHCHECK NONE takes no arguments");
            case "CMD":
                return Probe(line, rest);
            default:
                throw SourceError.At(
                    source, line.RangeOf(0, type.Length), $"HEALTHCHECK {type} is unknown",
                    SourceError.DidYouMean(type.ToUpperInvariant(), ["CMD", "NONE"])
                        ?? "write HEALTHCHECK CMD command or HEALTHCHECK NONE");
        }
    }

    private HealthcheckInstruction Probe(InstructionLine line, string rest)
    {
        FlagSet flags = new(source, line, "interval", "timeout", "start-period", "start-interval", "retries");
        CommandLine command = CommandOf(rest);
        if (command.Words is [] or [""])
        {
            throw SourceError.At(source, line.Head.Range, "a command is missing after HEALTHCHECK CMD");
        }

        return new HealthcheckInstruction(line.Head, new Healthcheck
        {
            Test = [command.IsShell ? "CMD-SHELL" : "CMD", .. command.Words],
            Interval = Interval(flags.Word("interval")),
            Timeout = Interval(flags.Word("timeout")),
            StartPeriod = Interval(flags.Word("start-period")),
            StartInterval = Interval(flags.Word("start-interval")),
            Retries = Retries(flags.Word("retries")),
        });
    }

    private long Interval(Word? value)
    {
        if (value is not { Text.Length: > 0 } word)
        {
            return 0;
        }

        long interval = GoDuration.Parse(word.Text) ?? throw SourceError.At(
            source, word.Range, $"{Quoted.Text(word.Text)} is not a duration", "write such as 30s or 1m30s");
        return interval is 0 or >= Millisecond ? interval : throw SourceError.At(
            source, word.Range, $"{word.Text} is less than 1ms");
    }

    private int Retries(Word? value) =>
        value is not { Text.Length: > 0 } word ? 0
        : int.TryParse(word.Text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out int retries) && retries >= 0 ? retries
        : throw SourceError.At(source, word.Range, $"{Quoted.Text(word.Text)} is not a number of retries");
}
