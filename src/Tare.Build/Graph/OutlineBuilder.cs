// SPDX-License-Identifier: Apache-2.0
using Tare.Build.Check;
using Tare.Build.Dockerfile;
using Tare.Build.Words;

namespace Tare.Build.Graph;

/// <summary>Puts together what a target can be given.</summary>
internal static class OutlineBuilder
{
    public static Outline Build(
        string name,
        string description,
        DockerfileDocument document,
        Variables globals,
        IReadOnlyList<Lowering.StageLowering> stages)
    {
        // what the target itself says wins over what its bases say
        stages = [.. stages.Reverse()];
        Dictionary<string, OutlineArgument> arguments = new(StringComparer.Ordinal);
        foreach (OutlineArgument argument in stages.SelectMany(static stage => stage.Declared.Values))
        {
            arguments.TryAdd(argument.Name, argument);
        }

        HashSet<string> used = UsedGlobals(document, stages);
        foreach (ArgInstruction global in document.GlobalArgs)
        {
            foreach (ArgDefinition one in global.Definitions.Where(one => used.Contains(one.Name)))
            {
                arguments.TryAdd(one.Name, new OutlineArgument(one.Name, globals[one.Name], one.Description, global.Range));
            }
        }

        return new Outline(
            name,
            description,
            [.. arguments.Values.OrderBy(static one => one.Range.Line)],
            Distinct(stages.SelectMany(static stage => stage.Secrets)),
            Distinct(stages.SelectMany(static stage => stage.Agents)));
    }

    /// <summary>Global arguments that stages and their FROM name, and those that the defaults of these name.</summary>
    private static HashSet<string> UsedGlobals(
        DockerfileDocument document, IReadOnlyList<Lowering.StageLowering> stages)
    {
        HashSet<string> named = [];
        Queue<string> texts = new(stages.SelectMany(static stage => new[]
        {
            stage.Plan.Stage.From.Image.Text, stage.Plan.Stage.From.Platform?.Text ?? "",
        }).Concat(stages.SelectMany(static stage => stage.Used).Select(static name => "${" + name)));
        while (texts.TryDequeue(out string? text))
        {
            foreach (ArgDefinition one in document.GlobalArgs.SelectMany(static arg => arg.Definitions))
            {
                bool isUsed = text.Contains("$" + one.Name, StringComparison.Ordinal)
                    || text.Contains("${" + one.Name, StringComparison.Ordinal);
                if (isUsed && named.Add(one.Name))
                {
                    texts.Enqueue(one.Default ?? "");
                }
            }
        }

        return named;
    }

    private static IReadOnlyList<OutlineSecret> Distinct(IEnumerable<OutlineSecret> all) =>
        [.. all.DistinctBy(static one => one.Id).OrderBy(static one => one.Range.Line)];
}
