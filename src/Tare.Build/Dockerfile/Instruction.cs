// SPDX-License-Identifier: Apache-2.0
using Tare.Oci;

namespace Tare.Build.Dockerfile;

/// <summary>One instruction; nothing in it is expanded yet.</summary>
/// <param name="Head">what all instructions have</param>
internal abstract record Instruction(InstructionHead Head)
{
    /// <summary>Where it stands, heredocs not included.</summary>
    public SourceRange Range => Head.Range;
}

/// <summary>What all instructions have.</summary>
/// <param name="Keyword">as it is written</param>
/// <param name="Text">the whole instruction with its continuations joined</param>
/// <param name="Range">where it stands</param>
/// <param name="KeywordRange">where the keyword stands</param>
/// <param name="Comments">the lines of comment directly above</param>
internal sealed record InstructionHead(
    string Keyword, string Text, SourceRange Range, SourceRange KeywordRange, IReadOnlyList<string> Comments)
{
    /// <summary>The description in the comments: what follows the name on a line that begins with it.</summary>
    public string DescriptionOf(string name) => name.Length == 0 ? "" : Comments
        .Where(line => line.StartsWith(name + " ", StringComparison.Ordinal))
        .Select(line => line[(name.Length + 1)..])
        .FirstOrDefault("");
}

/// <summary>A word of an instruction and where it stands.</summary>
internal readonly record struct Word(string Text, SourceRange Range);

/// <summary>FROM.</summary>
/// <param name="Head">what all instructions have</param>
/// <param name="Image">name of an image or stage</param>
/// <param name="StageName">in lower case, or null</param>
/// <param name="Platform">of <c>--platform</c>, or null</param>
/// <param name="AsWord">the word AS as it is written, or null</param>
/// <param name="WrittenName">the stage's name as it is written, or null</param>
internal sealed record FromInstruction(
    InstructionHead Head, Word Image, string? StageName, Word? Platform, string? AsWord, string? WrittenName)
    : Instruction(Head);

/// <summary>ARG.</summary>
internal sealed record ArgInstruction(InstructionHead Head, IReadOnlyList<ArgDefinition> Definitions) : Instruction(Head);

/// <summary>One name of an ARG.</summary>
/// <param name="Description">from the comment above, or empty</param>
/// <param name="Name">the name</param>
/// <param name="Range">where it stands</param>
/// <param name="Default">null when it has none, which differs from an empty one</param>
internal sealed record ArgDefinition(string Name, string? Default, SourceRange Range, string Description);

/// <summary>ENV.</summary>
internal sealed record EnvInstruction(InstructionHead Head, IReadOnlyList<Assignment> Pairs) : Instruction(Head);

/// <summary>LABEL.</summary>
internal sealed record LabelInstruction(InstructionHead Head, IReadOnlyList<Assignment> Pairs) : Instruction(Head);

/// <summary>A name and a value of ENV or LABEL, quotes included.</summary>
/// <param name="Name">the name</param>
/// <param name="Value">the value</param>
/// <param name="IsLegacy">true for the form <c>ENV name value</c></param>
internal sealed record Assignment(string Name, string Value, bool IsLegacy);

/// <summary>RUN.</summary>
internal sealed record RunInstruction(InstructionHead Head, CommandLine Command) : Instruction(Head)
{
    public IReadOnlyList<Heredoc> Heredocs { get; init; } = [];

    /// <summary>Values of <c>--mount</c>, read by <see cref="MountOption"/> when variables are known.</summary>
    public IReadOnlyList<Word> Mounts { get; init; } = [];

    public RunNetwork Network { get; init; }

    public RunSecurity Security { get; init; }

    public IReadOnlyList<RunDevice> Devices { get; init; } = [];
}

/// <summary>The network of a RUN.</summary>
internal enum RunNetwork
{
    /// <summary>That of the build.</summary>
    Default,
    None,
    Host,
}

/// <summary>What a RUN may do.</summary>
internal enum RunSecurity
{
    Sandbox,

    /// <summary>All rights; wants an entitlement.</summary>
    Insecure,
}

/// <summary>A device of a RUN, by its CDI name.</summary>
internal sealed record RunDevice(string Name, bool IsRequired);

/// <summary>A command as RUN, CMD and ENTRYPOINT have it.</summary>
/// <param name="Words">one text for the shell, or the words of the JSON form</param>
/// <param name="IsShell">true when the shell runs it</param>
internal sealed record CommandLine(IReadOnlyList<string> Words, bool IsShell);

/// <summary>What COPY and ADD have in common.</summary>
internal abstract record TransferInstruction(InstructionHead Head, IReadOnlyList<Word> Sources, Word Destination)
    : Instruction(Head)
{
    /// <summary>Sources that stand in the Dockerfile itself.</summary>
    public IReadOnlyList<Heredoc> Documents { get; init; } = [];

    public string? Chown { get; init; }

    public string? Chmod { get; init; }

    public bool IsLinked { get; init; }

    public IReadOnlyList<string> Excludes { get; init; } = [];
}

/// <summary>COPY.</summary>
internal sealed record CopyInstruction(InstructionHead Head, IReadOnlyList<Word> Sources, Word Destination)
    : TransferInstruction(Head, Sources, Destination)
{
    /// <summary>Stage, its number, named context or image; null for the build context.</summary>
    public Word? From { get; init; }

    public bool KeepsParents { get; init; }
}

/// <summary>ADD.</summary>
internal sealed record AddInstruction(InstructionHead Head, IReadOnlyList<Word> Sources, Word Destination)
    : TransferInstruction(Head, Sources, Destination)
{
    public string? Checksum { get; init; }

    public bool? KeepsGitDirectory { get; init; }

    /// <summary>Null means: local archives yes, remote ones no.</summary>
    public bool? Unpacks { get; init; }
}

/// <summary>EXPOSE.</summary>
/// <param name="Head">what all instructions have</param>
/// <param name="Ports">sorted, as docker keeps them</param>
internal sealed record ExposeInstruction(InstructionHead Head, IReadOnlyList<string> Ports) : Instruction(Head);

/// <summary>VOLUME.</summary>
internal sealed record VolumeInstruction(InstructionHead Head, IReadOnlyList<string> Paths) : Instruction(Head);

/// <summary>USER.</summary>
internal sealed record UserInstruction(InstructionHead Head, string User) : Instruction(Head);

/// <summary>WORKDIR.</summary>
internal sealed record WorkdirInstruction(InstructionHead Head, string Path) : Instruction(Head);

/// <summary>CMD.</summary>
internal sealed record CmdInstruction(InstructionHead Head, CommandLine Command) : Instruction(Head);

/// <summary>ENTRYPOINT.</summary>
internal sealed record EntrypointInstruction(InstructionHead Head, CommandLine Command) : Instruction(Head);

/// <summary>SHELL.</summary>
internal sealed record ShellInstruction(InstructionHead Head, IReadOnlyList<string> Words) : Instruction(Head);

/// <summary>STOPSIGNAL.</summary>
internal sealed record StopSignalInstruction(InstructionHead Head, string Signal) : Instruction(Head);

/// <summary>HEALTHCHECK.</summary>
internal sealed record HealthcheckInstruction(InstructionHead Head, Healthcheck Check) : Instruction(Head);

/// <summary>ONBUILD.</summary>
/// <param name="Head">what all instructions have</param>
/// <param name="Expression">the trigger as images keep it</param>
internal sealed record OnbuildInstruction(InstructionHead Head, string Expression) : Instruction(Head);

/// <summary>MAINTAINER.</summary>
internal sealed record MaintainerInstruction(InstructionHead Head, string Maintainer) : Instruction(Head);
