// SPDX-License-Identifier: Apache-2.0
using Tare.Build.Check;
using Tare.Build.Dockerfile;
using Tare.Build.Words;
using Tare.Oci;

namespace Tare.Build.Graph;

/// <summary>Dockerfile → graph of vertices. Pure: what it needs to know of base images it asks for in
/// <see cref="BuildGraph.Missing"/>, and is called again.</summary>
internal sealed partial class Lowering
{
    private readonly DockerfileDocument _document;
    private readonly BuildRequest _request;
    private readonly IReadOnlyDictionary<BaseRequest, BaseImage> _bases;
    private readonly WarningList _warnings;
    private readonly ExpansionStyle _style;
    private readonly Variables _globals;
    private readonly List<StagePlan> _plans = [];
    private readonly HashSet<BaseRequest> _missing = [];
    private readonly HistoryBudget _budget = new();

    private Lowering(
        DockerfileDocument document, BuildRequest request, IReadOnlyDictionary<BaseRequest, BaseImage> bases)
    {
        _document = document;
        _request = request;
        _bases = bases;
        _warnings = new WarningList(CheckOptions.Of(
            document, request.Arguments.GetValueOrDefault(CheckOptions.Argument)));
        _style = new ExpansionStyle(document.Directives.Escape);
        Variables predefined = GlobalArguments.Predefined(
            request, request.Stage ?? document.Stages[^1].Name ?? "");
        CheckDefaults(predefined);
        _globals = GlobalArguments.WithGlobals(
            predefined, request.Arguments, document, (text, range, known) => Expand(text, range, known).Text);
    }

    private SourceText Source => _document.Source;

    /// <summary>Lowers what the request asks for.</summary>
    /// <param name="document">the parsed Dockerfile</param>
    /// <param name="request">target, arguments, contexts</param>
    /// <param name="bases">the images that are known; begin with none</param>
    /// <exception cref="TareException">NotFound for an unknown stage, InvalidArgument for everything else that a
    /// Dockerfile can say wrong, with the place</exception>
    public static BuildGraph Lower(
        DockerfileDocument document, BuildRequest request, IReadOnlyDictionary<BaseRequest, BaseImage> bases)
    {
        if (document.Directives.Syntax is { } syntax && !Directives.IsBuiltIn(syntax))
        {
            throw new TareException(
                ErrorKind.NotSupported,
                $"{document.Source.Name}: syntax {Quoted.Text(syntax)} is another frontend's",
                "docker/dockerfile is built in; others can not be run");
        }

        return new Lowering(document, request, bases).Graph();
    }

    private BuildGraph Graph()
    {
        DocumentRules.Apply(_document, _warnings);
        foreach (Stage stage in _document.Stages)
        {
            _plans.Add(Plan(stage));
        }

        int target = TargetIndex();
        bool[] reached = ReachedFrom(target);
        bool[] needed = _request.WantsAllStages ? AllStages() : reached;
        if (_missing.Count > 0)
        {
            return new BuildGraph(_document, null, [], [.. _missing], _warnings.Sorted, OutlineOf(target, []));
        }

        StageLowering?[] lowered = new StageLowering?[_plans.Count];
        for (int i = 0; i < _plans.Count; i++)
        {
            if (needed[i])
            {
                lowered[i] = LowerStage(i, lowered);
            }
        }

        StageResult result = lowered[target]!.Result(_request);
        return new BuildGraph(
            _document, result, Ordered(result), [], _warnings.Sorted,
            OutlineOf(target, [.. lowered.OfType<StageLowering>().Where(one => reached[one.Plan.Stage.Index])]));
    }

    private StagePlan Plan(Stage stage)
    {
        FromInstruction from = stage.From;
        Expansion image = Expand(from.Image.Text, from.Image.Range, _globals);
        ReportUndefined(image, from.Range);
        if (image.Text.Length == 0)
        {
            throw SourceError.At(
                Source, from.Image.Range, $"base name ({from.Image.Text}) should not be blank",
                image.Unmatched.Order(StringComparer.Ordinal).Select(name => $"{name} has no value; give it with --build-arg {name}=… or a default").FirstOrDefault());
        }

        Platform? platform = from.Platform is { } written ? PlatformOf(from, written) : null;
        if (stage.Name is not null && _request.Contexts.TryGetValue(stage.Name, out string? location))
        {
            return new StagePlan(stage with { Instructions = [] }, ContextBase(Source, new Word(stage.Name, from.Range), location, platform), platform);
        }

        int earlier = _plans.FindLastIndex(plan => plan.Stage.Name == image.Text);
        return new StagePlan(
            stage, earlier >= 0 ? new StageBase.Earlier(earlier) : ImageBase(Source, from.Image with { Text = image.Text }, platform), platform);
    }

    private Platform PlatformOf(FromInstruction from, Word written)
    {
        Expansion expanded = Expand(written.Text, written.Range, _globals);
        ReportUndefined(expanded, from.Range);
        if (expanded.Text.Length == 0)
        {
            throw SourceError.At(Source, written.Range, $"empty platform value from expression {written.Text}");
        }

        Platform platform;
        try
        {
            platform = Platform.Parse(expanded.Text, _request.Host);
        }
        catch (TareException malformed)
        {
            throw SourceError.At(Source, written.Range, malformed.Message, malformed.Hint);
        }

        ReportPlatform(from, written, expanded, platform);
        return platform;
    }

    private StageBase ImageBase(SourceText source, Word word, Platform? platform)
    {
        string name = word.Text;
        if (name == "scratch")
        {
            return new StageBase.Scratch();
        }

        if (!Reference.TryParse(name, out Reference? reference))
        {
            throw SourceError.At(
                source, word.Range, $"{Quoted.Text(name)} is neither a stage nor the name of an image",
                SourceError.DidYouMean(name, StageNames()));
        }

        string? location = _request.Contexts.GetValueOrDefault(name.ToLowerInvariant())
            ?? _request.Contexts.GetValueOrDefault(reference.Familiar)
            ?? _request.Contexts.GetValueOrDefault(reference.ToString());
        return location is null
            ? new StageBase.FromImage(new BaseRequest(reference, platform ?? _request.Target))
            : ContextBase(source, word, location, platform);
    }

    private StageBase ContextBase(SourceText source, Word word, string location, Platform? platform)
    {
        const string Image = "docker-image://";
        const string Layout = "oci-layout://";
        if (location.StartsWith(Layout, StringComparison.Ordinal))
        {
            Reference named = Reference.TryParse(word.Text, out Reference? own) ? own : Reference.Parse("oci-layout");
            return new StageBase.FromImage(new BaseRequest(named, platform ?? _request.Target) { Layout = location[Layout.Length..] });
        }

        if (!location.StartsWith(Image, StringComparison.Ordinal))
        {
            return new StageBase.FromContext(word.Text, location);
        }

        string image = location[Image.Length..];
        return Reference.TryParse(image, out Reference? reference)
            ? new StageBase.FromImage(new BaseRequest(reference, platform ?? _request.Target))
            : throw SourceError.At(
                source, word.Range, $"build context {word.Text}: {Quoted.Text(image)} is not the name of an image");
    }

    private IEnumerable<string> StageNames() => _document.Stages.Select(static stage => stage.Name).OfType<string>();

    private int TargetIndex()
    {
        if (string.IsNullOrEmpty(_request.Stage))
        {
            return _plans.Count - 1;
        }

        string wanted = _request.Stage.ToLowerInvariant();
        int index = _plans.FindLastIndex(plan => plan.Stage.Name == wanted);
        return index >= 0 ? index : throw new TareException(
            ErrorKind.NotFound,
            $"{Source.Name}: target stage {Quoted.Text(_request.Stage)} could not be found",
            SourceError.DidYouMean(wanted, StageNames())
                ?? (StageNames().Any() ? "stages: " + string.Join(", ", StageNames()) : "no stage has a name"));
    }

    private Expansion Expand(string text, SourceRange range, Variables variables)
    {
        try
        {
            return WordExpander.Expand(text, variables, _style);
        }
        catch (FormatException malformed)
        {
            throw SourceError.At(Source, range, $"failed to process {Quoted.Text(text)}: {malformed.Message}");
        }
        catch (TareException bound) when (bound.Kind == ErrorKind.ResourceExhausted)
        {
            throw SourceError.At(Source, range, bound.Message, kind: bound.Kind);
        }
    }
}
