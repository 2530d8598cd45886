// SPDX-License-Identifier: Apache-2.0
using Tare.Oci;

namespace Tare.Build.Dockerfile;

/// <summary>Bytes of a Dockerfile → instructions with positions. Pure; start reading at <see cref="Parse"/>.</summary>
/// <remarks>Dockerfile syntax 1.20, docs.docker.com/reference/dockerfile; where that is silent, as BuildKit's parser
/// does it.</remarks>
internal sealed class DockerfileParser
{
    /// <summary>Stages of one file.</summary>
    public const int MaxStages = 1000;

    /// <summary>Instructions of one file; images have 127 layers at most, and each instruction copies what was set before.</summary>
    public const int MaxInstructions = 5_000;

    private readonly SourceText _source;
    private readonly LineReader _lines;
    private readonly List<ArgInstruction> _globals = [];
    private readonly List<Stage> _stages = [];
    private int _count;

    private DockerfileParser(SourceText source)
    {
        _source = source;
        _lines = new LineReader(source);
    }

    /// <summary>Parses a whole file.</summary>
    /// <param name="bytes">its content</param>
    /// <param name="name">what errors call it</param>
    /// <exception cref="TareException">InvalidArgument with the place, or ResourceExhausted when a bound is
    /// exceeded</exception>
    public static DockerfileDocument Parse(string name, ReadOnlySpan<byte> bytes) =>
        new DockerfileParser(SourceText.Read(name, bytes)).Document();

    /// <summary>Parses one instruction that an image brought along with ONBUILD.</summary>
    /// <param name="bytes">its content</param>
    /// <param name="name">what errors call the text</param>
    /// <exception cref="TareException">InvalidArgument when it is not exactly one that may be a trigger</exception>
    public static (Instruction Instruction, SourceText Source) ParseTrigger(string name, ReadOnlySpan<byte> bytes)
    {
        SourceText source = SourceText.Read(name, bytes);
        LineReader lines = new(source);
        InstructionLine? line = lines.Next();
        if (line is null || lines.Next() is not null)
        {
            throw new TareException(ErrorKind.InvalidArgument, $"{name}: an ONBUILD trigger is one instruction");
        }

        InstructionParser parser = new(source, lines.Directives.Escape);
        parser.CheckTrigger(line);
        return (parser.Parse(line), source);
    }

    private DockerfileDocument Document()
    {
        List<Instruction> current = [];
        while (_lines.Next() is { } line)
        {
            if (++_count > MaxInstructions)
            {
                throw SourceError.At(
                    _source, line.Head.KeywordRange, $"more than {MaxInstructions} instructions", kind: ErrorKind.ResourceExhausted);
            }

            Instruction instruction = new InstructionParser(_source, _lines.Directives.Escape).Parse(line);
            switch (instruction)
            {
                case FromInstruction from when _stages.Count < MaxStages:
                    current = [];
                    _stages.Add(new Stage(_stages.Count, from, current));
                    break;
                case FromInstruction from:
                    throw SourceError.At(
                        _source, from.Range, $"more than {MaxStages} stages", kind: ErrorKind.ResourceExhausted);
                case ArgInstruction global when _stages.Count == 0:
                    _globals.Add(global);
                    break;
                default:
                    if (_stages.Count > 0)
                    {
                        current.Add(instruction);
                        break;
                    }

                    throw SourceError.At(
                        _source, line.Head.KeywordRange,
                        $"{line.Head.Keyword.ToUpperInvariant()} stands before the first FROM",
                        "a Dockerfile begins with FROM; only ARG may stand before it");
            }
        }

        return Finished();
    }

    private DockerfileDocument Finished()
    {
        if (_stages.Count == 0)
        {
            throw new TareException(
                ErrorKind.InvalidArgument,
                _globals.Count == 0 ? $"{_source.Name}: no instructions" : $"{_source.Name}: no stage to build",
                "a Dockerfile begins with FROM");
        }

        return new DockerfileDocument(_source, _lines.Directives, _globals, _stages, _lines.EmptyContinuations);
    }
}
