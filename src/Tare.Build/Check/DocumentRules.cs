// SPDX-License-Identifier: Apache-2.0
using Tare.Build.Dockerfile;

namespace Tare.Build.Check;

/// <summary>The rules that need no values of variables: they look at what is written.</summary>
internal static class DocumentRules
{
    private static readonly string[] Reserved = ["context", "scratch"];

    public static void Apply(DockerfileDocument document, WarningList warnings)
    {
        foreach (SourceRange range in document.EmptyContinuations)
        {
            warnings.Add(Rules.NoEmptyContinuation, range, "Empty continuation line");
        }

        StageNames(document, warnings);
        Casing(document, warnings);
        foreach (Instruction instruction in Everything(document))
        {
            Look(instruction, warnings);
        }
    }

    private static IEnumerable<Instruction> Everything(DockerfileDocument document) =>
        document.GlobalArgs.Concat(document.Stages.SelectMany(static stage => stage.Instructions.Prepend(stage.From)));

    private static void Look(Instruction instruction, WarningList warnings)
    {
        switch (instruction)
        {
            case MaintainerInstruction:
                warnings.Add(
                    Rules.MaintainerDeprecated, instruction.Range,
                    "Maintainer instruction is deprecated in favor of using label");
                break;
            case FromInstruction from:
                FromCasing(from, warnings);
                Description(from, "build stage", from.StageName is null ? [] : [from.StageName], warnings);
                break;
            case ArgInstruction arg:
                Description(arg, "ARG", [.. arg.Definitions.Select(static one => one.Name)], warnings);
                break;
        }
    }

    private static void FromCasing(FromInstruction from, WarningList warnings)
    {
        if (from.WrittenName is { } name && !IsLower(name))
        {
            warnings.Add(Rules.StageNameCasing, from.Range, $"Stage name '{name}' should be lowercase");
        }

        string keyword = from.Head.Keyword;
        string? expected = IsLower(keyword) ? from.AsWord?.ToLowerInvariant()
            : IsUpper(keyword) ? from.AsWord?.ToUpperInvariant()
            : from.AsWord;
        if (from.AsWord != expected)
        {
            warnings.Add(Rules.FromAsCasing, from.Range, $"'{from.AsWord}' and '{keyword}' keywords' casing do not match");
        }
    }

    private static void Description(
        Instruction instruction, string noun, IReadOnlyList<string> names, WarningList warnings)
    {
        if (names.Count > 0 && instruction.Head.Comments is [.., { } last] && !names.Contains(last.Split(' ')[0]))
        {
            string example = names.Count > 1 ? "<arg_key>" : names[0];
            warnings.Add(
                Rules.InvalidDefinitionDescription, instruction.Range,
                $"Comment for {noun} should follow the format: `# {example} <description>`");
        }
    }

    private static void StageNames(DockerfileDocument document, WarningList warnings)
    {
        HashSet<string> seen = [];
        foreach (Stage stage in document.Stages.Where(static stage => stage.Name is not null))
        {
            if (Reserved.Contains(stage.Name))
            {
                warnings.Add(
                    Rules.ReservedStageName, stage.From.Range,
                    $"Stage name should not use the same name as reserved stage \"{stage.Name}\"");
            }

            if (!seen.Add(stage.Name!))
            {
                warnings.Add(
                    Rules.DuplicateStageName, stage.From.Range,
                    $"Duplicate stage name \"{stage.Name}\", stage names should be unique");
            }
        }
    }

    private static void Casing(DockerfileDocument document, WarningList warnings)
    {
        Instruction[] all = [.. document.Stages.SelectMany(static stage => stage.Instructions.Prepend(stage.From))];
        int lower = all.Count(static one => IsLower(one.Head.Keyword));
        int upper = all.Count(static one => IsUpper(one.Head.Keyword));
        bool wantsLower = lower > upper;
        foreach (Instruction one in all)
        {
            string keyword = one.Head.Keyword;
            if (wantsLower ? !IsLower(keyword) : !IsUpper(keyword))
            {
                warnings.Add(
                    Rules.ConsistentInstructionCasing, one.Range,
                    $"Command '{keyword}' should match the case of the command majority ({(wantsLower ? "lowercase" : "uppercase")})");
            }
        }
    }

    private static bool IsLower(string text) => !text.Any(char.IsUpper);

    private static bool IsUpper(string text) => !text.Any(char.IsLower);
}
