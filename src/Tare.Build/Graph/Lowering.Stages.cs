// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using System.Text;
using Tare.Build.Check;
using Tare.Build.Dockerfile;
using Tare.Oci;

namespace Tare.Build.Graph;

internal sealed partial class Lowering
{
    private readonly Dictionary<int, IReadOnlyList<Trigger>> _triggers = [];
    private readonly Dictionary<VertexId, Vertex> _vertices = [];

    /// <summary>An instruction that came with ONBUILD, and the text that it stands in.</summary>
    internal sealed record Trigger(Instruction Instruction, SourceText Source);

    /// <summary>Which stages the target leads to. Everything leads to earlier stages only, so one pass from the end
    /// is enough.</summary>
    private bool[] ReachedFrom(int target)
    {
        bool[] reached = new bool[_plans.Count];
        reached[target] = true;
        for (int i = target; i >= 0; i--)
        {
            if (reached[i])
            {
                Follow(i, reached);
            }
        }

        return reached;
    }

    private bool[] AllStages()
    {
        bool[] all = new bool[_plans.Count];
        Array.Fill(all, true);
        for (int i = 0; i < all.Length; i++)
        {
            Follow(i, all);
        }

        return all;
    }

    /// <summary>Marks the stages that one leads to, and notes images that are not known yet.</summary>
    private void Follow(int index, bool[] reached)
    {
        foreach (StageBase source in Sources(index))
        {
            switch (source)
            {
                case StageBase.Earlier earlier:
                    reached[earlier.Index] = true;
                    break;
                case StageBase.FromImage image when !_bases.ContainsKey(image.Request):
                    _missing.Add(image.Request);
                    break;
            }
        }
    }

    private IEnumerable<StageBase> Sources(int index) =>
        Triggers(index).SelectMany(trigger => SourcesOf(trigger.Instruction, index, trigger.Source))
            .Concat(_plans[index].Stage.Instructions.SelectMany(instruction => SourcesOf(instruction, index, Source)))
            .Prepend(_plans[index].Base);

    private IEnumerable<StageBase> SourcesOf(Instruction instruction, int index, SourceText source) => instruction switch
    {
        CopyInstruction { From: { } from } => [Named(source, from, index)],
        RunInstruction run => run.Mounts.Select(mount => MountSource(source, mount, index)).OfType<StageBase>(),
        _ => [],
    };

    private StageBase? MountSource(SourceText source, Word mount, int index)
    {
        // only a literal 'from' gets here: the parser refuses variables in it
        foreach (string field in CsvFields.Read(mount.Text))
        {
            if (field.StartsWith("from=", StringComparison.OrdinalIgnoreCase) && field.Length > 5)
            {
                return Named(source, mount with { Text = field[5..] }, index);
            }
        }

        return null;
    }

    /// <summary>What a name in <c>--from</c> means to the stage of the index.</summary>
    private StageBase Named(SourceText source, Word word, int index)
    {
        (string name, SourceRange range) = (word.Text, word.Range);
        if (!IsPlain(name))
        {
            throw SourceError.At(
                source, range, "variable expansion is not supported for --from",
                "define a stage with FROM, where ARG of the global scope works, and name that");
        }

        int stage = int.TryParse(name, NumberStyles.None, CultureInfo.InvariantCulture, out int number)
            ? number < _plans.Count ? number : throw SourceError.At(
                source, range, $"invalid stage index {name}", $"there are {_plans.Count} stages, from 0", ErrorKind.NotFound)
            : _plans.FindLastIndex(plan => string.Equals(plan.Stage.Name, name, StringComparison.OrdinalIgnoreCase));
        if (stage < 0)
        {
            return ImageBase(source, word, null);
        }

        return stage < index ? new StageBase.Earlier(stage)
            : stage == index ? throw SourceError.At(
                source, range, $"circular dependency detected on stage: {_plans[stage].Title}")
            : throw SourceError.At(
                source, range,
                $"cannot copy from stage {Quoted.Text(name)}, it needs to be defined before current stage {Quoted.Text(_plans[index].Title)}");
    }

    /// <summary>False when something in it would be replaced or unquoted.</summary>
    private bool IsPlain(string name)
    {
        try
        {
            return Words.WordExpander.Expand(name, Words.Variables.None, _style).Text == name;
        }
        catch (FormatException)
        {
            return false;
        }
    }

    /// <summary>ONBUILD of what the stage starts from.</summary>
    private IReadOnlyList<Trigger> Triggers(int index)
    {
        if (_triggers.TryGetValue(index, out IReadOnlyList<Trigger>? known))
        {
            return known;
        }

        List<Trigger> triggers = [];
        switch (_plans[index].Base)
        {
            case StageBase.FromImage image when _bases.TryGetValue(image.Request, out BaseImage? found):
                triggers = [.. (found.Config.Config.OnBuild ?? []).Select(text => Parsed(text, $"ONBUILD of {image.Request.Image.Familiar}"))];
                break;
            case StageBase.Earlier earlier:
                triggers = [.. _plans[earlier.Index].Stage.Instructions.OfType<OnbuildInstruction>()
                    .Select(one => Parsed(one.Expression, $"{Source.Name}:{one.Range.Line}: ONBUILD"))];
                break;
            case StageBase.FromImage:
                // not known yet: the next round asks again
                return triggers;
        }

        return _triggers[index] = triggers;
    }

    private static Trigger Parsed(string text, string name)
    {
        (Instruction instruction, SourceText source) = DockerfileParser.ParseTrigger(name, Encoding.UTF8.GetBytes(text));
        return new Trigger(instruction, source);
    }

    private StageLowering LowerStage(int index, StageLowering?[] lowered)
    {
        StagePlan plan = _plans[index];
        StageLowering stage = new(this, plan, lowered, Triggers(index));
        stage.Run();
        return stage;
    }

    /// <summary>The vertex, or the equal one that is there already: the same work is done once.</summary>
    private Vertex Unique(Vertex vertex) =>
        _vertices.TryGetValue(vertex.Id, out Vertex? known) ? known : _vertices[vertex.Id] = vertex;

    /// <summary>All that the result needs, inputs first; without recursion, for chains are long.</summary>
    private static List<Vertex> Ordered(StageResult result)
    {
        List<Vertex> ordered = [];
        HashSet<VertexId> done = [];
        Stack<(Vertex Vertex, bool IsReady)> open = new();
        if (result.Root is not null)
        {
            open.Push((result.Root, false));
        }

        while (open.TryPop(out (Vertex Vertex, bool IsReady) next))
        {
            if (done.Contains(next.Vertex.Id))
            {
                continue;
            }

            if (next.IsReady)
            {
                done.Add(next.Vertex.Id);
                ordered.Add(next.Vertex);
                continue;
            }

            open.Push((next.Vertex, true));
            foreach (Vertex input in next.Vertex.Inputs.OfType<Vertex>().Reverse())
            {
                open.Push((input, false));
            }
        }

        return ordered;
    }

    private Outline OutlineOf(int target, IReadOnlyList<StageLowering> stages)
    {
        FromInstruction from = _plans[target].Stage.From;
        string name = from.StageName ?? "";
        return OutlineBuilder.Build(name, from.Head.DescriptionOf(name), _document, _globals, stages);
    }
}
