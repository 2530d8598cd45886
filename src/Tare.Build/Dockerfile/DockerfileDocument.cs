// SPDX-License-Identifier: Apache-2.0
namespace Tare.Build.Dockerfile;

/// <summary>A parsed Dockerfile.</summary>
/// <param name="Source">its text, for errors</param>
/// <param name="Directives">what stands at its head</param>
/// <param name="GlobalArgs">ARG before the first FROM</param>
/// <param name="Stages">at least one</param>
/// <param name="EmptyContinuations">lines that end an instruction with empty lines inside</param>
internal sealed record DockerfileDocument(
    SourceText Source,
    Directives Directives,
    IReadOnlyList<ArgInstruction> GlobalArgs,
    IReadOnlyList<Stage> Stages,
    IReadOnlyList<SourceRange> EmptyContinuations);

/// <summary>A FROM and what follows, up to the next.</summary>
/// <param name="Instructions">what follows, in order</param>
/// <param name="From">the instruction that begins it</param>
/// <param name="Index">counts from 0</param>
internal sealed record Stage(int Index, FromInstruction From, IReadOnlyList<Instruction> Instructions)
{
    /// <summary>In lower case, or null.</summary>
    public string? Name => From.StageName;
}
