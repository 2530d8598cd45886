// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using Tare.Build.Check;
using Tare.Build.Dockerfile;
using Tare.Build.Words;
using Tare.Oci;

namespace Tare.Build.Graph;

internal sealed partial class Lowering
{
    /// <summary>Goes through one stage, instruction by instruction: what they mean depends on those before.</summary>
    internal sealed partial class StageLowering
    {
        /// <summary>What a container has when its image says nothing.</summary>
        private const string DefaultPath = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

        /// <summary>Names among which a near miss is looked for.</summary>
        private const int MaxNear = 1000;

        private static readonly string[] DefaultShell = ["/bin/sh", "-c"];

        private readonly Lowering _lowering;
        private readonly StageLowering?[] _lowered;
        private readonly IReadOnlyList<Trigger> _triggers;
        private readonly List<HistoryStep> _history = [];
        private readonly List<ArgDefinition> _arguments = [];
        private readonly Dictionary<string, OutlineArgument> _declared = new(StringComparer.Ordinal);
        private readonly List<OutlineSecret> _secrets = [];
        private readonly List<OutlineSecret> _agents = [];
        private readonly HashSet<string> _used = new(StringComparer.Ordinal);
        private readonly Dictionary<Type, SourceRange> _single = [];
        private Vertex? _root;
        private Variables _variables = Variables.None;
        private ImageConfig _image;
        private RunConfig _config = new();
        private string _folder = "/";
        private bool _hasFolder;
        private SourceText _source;
        private int _step;
        private readonly int _steps;

        public StageLowering(
            Lowering lowering, StagePlan plan, StageLowering?[] lowered, IReadOnlyList<Trigger> triggers)
        {
            _lowering = lowering;
            _lowered = lowered;
            _triggers = triggers;
            _source = lowering.Source;
            Plan = plan;
            Platform = plan.Platform ?? lowering._request.Target;
            _image = new ImageConfig(Platform.Architecture, Platform.Os) { Variant = Platform.Variant };
            _steps = (plan.Base is StageBase.FromImage ? 1 : 0)
                + triggers.Select(static one => one.Instruction).Concat(plan.Stage.Instructions)
                    .Count(static one => one is RunInstruction or TransferInstruction or WorkdirInstruction);
        }

        public StagePlan Plan { get; }

        public Platform Platform { get; private set; }

        /// <summary>Build arguments that it declared, by name.</summary>
        public IReadOnlyDictionary<string, OutlineArgument> Declared => _declared;

        /// <summary>Global arguments that it used.</summary>
        public IReadOnlySet<string> Used => _used;

        public IReadOnlyList<OutlineSecret> Secrets => _secrets;

        public IReadOnlyList<OutlineSecret> Agents => _agents;

        /// <summary>Lowers the stage; once.</summary>
        public void Run()
        {
            Start();
            foreach (Trigger trigger in _triggers)
            {
                _source = trigger.Source;
                Lower(trigger.Instruction, isTrigger: true);
            }

            _source = _lowering.Source;
            foreach (Instruction instruction in Plan.Stage.Instructions)
            {
                Lower(instruction, isTrigger: false);
            }
        }

        /// <summary>What the stage is when it is the result.</summary>
        public StageResult Result(BuildRequest request)
        {
            RunConfig config = _config;
            if (request.Labels.Count > 0)
            {
                Dictionary<string, string> labels = new(_config.Labels ?? new Dictionary<string, string>());
                foreach ((string name, string value) in request.Labels)
                {
                    labels[name] = value;
                }

                config = config with { Labels = labels };
            }

            ImageConfig image = _image with { Config = config, History = [], RootFs = new RootFs() };
            if (request.IsTargetGiven)
            {
                image = image with
                {
                    Architecture = request.Target.Architecture,
                    Os = request.Target.Os,
                    Variant = request.Target.Variant
                        ?? (image.Architecture == request.Target.Architecture && image.Os == request.Target.Os ? image.Variant : null),
                };
            }

            return new StageResult(_root, image, _history);
        }

        private void Start()
        {
            switch (Plan.Base)
            {
                case StageBase.Earlier earlier:
                    Inherit(_lowered[earlier.Index]!);
                    break;
                case StageBase.FromImage from:
                    FromImage(from.Request);
                    break;
                case StageBase.Scratch:
                    _config = _config with { WorkingDir = "/" };
                    break;
                case StageBase.FromContext context:
                    _config = _config with { WorkingDir = "/" };
                    _root = _lowering.ContextVertex(context.Name, context.Location, Plan.Stage.From.Range);
                    break;
            }

            if (!(_config.Env ?? []).Any(static pair => pair.StartsWith("PATH=", StringComparison.Ordinal)) && Platform.Os != "windows")
            {
                _config = _config with { Env = [.. _config.Env ?? [], "PATH=" + DefaultPath] };
            }

            if (Plan.Base is not StageBase.Earlier)
            {
                foreach (string pair in _config.Env ?? [])
                {
                    int equals = pair.IndexOf('=');
                    _variables = equals < 0 ? _variables.With(pair, "") : _variables.With(pair[..equals], pair[(equals + 1)..]);
                }

                _folder = Ignore.PathText.Rooted(_config.WorkingDir ?? "");
            }
        }

        private void Inherit(StageLowering from)
        {
            _root = from._root;
            Platform = from.Platform;
            _image = from._image;
            _config = from._config with { OnBuild = null };
            _variables = from._variables;
            _folder = from._folder;
            _hasFolder = from._hasFolder;
            _history.AddRange(from._history);
            _arguments.AddRange(from._arguments);
        }

        private void FromImage(BaseRequest request)
        {
            BaseImage found = _lowering._bases[request];
            ImageConfig config = found.Config;
            Platform actual = config.Platform;
            if (Platform.Os != actual.Os || Platform.Architecture != actual.Architecture)
            {
                _lowering._warnings.Add(
                    Rules.InvalidBaseImagePlatform, Plan.Stage.From.Range,
                    $"Base image {Plan.Stage.From.Image.Text} was pulled with platform \"{actual}\", expected \"{Platform}\" for current build");
                Platform = Plan.Platform is null && !_lowering._request.IsTargetGiven ? actual : Platform;
            }

            _image = config with { Created = null };
            _config = config.Config with { OnBuild = null };
            _history.AddRange(config.History.Select(static entry => new HistoryStep(entry.CreatedBy ?? "", null, entry)));
            _root = config.RootFs.DiffIds.Count == 0 && config.History.All(static entry => entry.EmptyLayer)
                ? null
                : _lowering.ImageVertex(
                    request, found, Title($"FROM {request.Image.WithDigest(found.Digest)}", isTrigger: false), Plan.Stage.From.Range);
        }

        private void Lower(Instruction instruction, bool isTrigger)
        {
            switch (instruction)
            {
                case ArgInstruction arg: Arg(arg); break;
                case EnvInstruction env: Env(env); break;
                case LabelInstruction label: Label(label); break;
                case RunInstruction run: RunStep(run, isTrigger); break;
                case TransferInstruction transfer: Transfer(transfer, isTrigger); break;
                case WorkdirInstruction workdir: Workdir(workdir, isTrigger); break;
                case UserInstruction user: User(user); break;
                case VolumeInstruction volume: Volume(volume); break;
                case ExposeInstruction expose: Expose(expose); break;
                case CmdInstruction cmd: Cmd(cmd); break;
                case EntrypointInstruction entrypoint: Entrypoint(entrypoint); break;
                case ShellInstruction shell: Shell(shell); break;
                case StopSignalInstruction signal: StopSignal(signal); break;
                case HealthcheckInstruction check: Healthcheck(check); break;
                case OnbuildInstruction onbuild:
                    _config = _config with { OnBuild = [.. _config.OnBuild ?? [], onbuild.Expression] };
                    break;
                case MaintainerInstruction maintainer:
                    _image = _image with { Author = maintainer.Maintainer };
                    Remember($"MAINTAINER {maintainer.Maintainer}", null, maintainer);
                    break;
                default:
                    throw new InvalidOperationException($"{instruction.GetType().Name} is no instruction of a stage");
            }
        }

        /// <summary>Where an instruction stands: a trigger stands at the FROM that brought it.</summary>
        private SourceRange Place(Instruction instruction) => PlaceOf(instruction.Range);

        private SourceRange PlaceOf(SourceRange range) =>
            _source == _lowering.Source ? range : Plan.Stage.From.Range;

        private string Expand(string text, Instruction instruction) => Expanded(text, instruction).Text;

        private Expansion Expanded(string text, Instruction instruction, ExpansionStyle? style = null)
        {
            try
            {
                Expansion expanded = WordExpander.Expand(text, _variables, style ?? _lowering._style);
                ReportUnmatched(expanded, instruction);
                return expanded;
            }
            catch (FormatException malformed)
            {
                throw SourceError.At(
                    _source, instruction.Range, $"failed to process {Quoted.Text(text)}: {malformed.Message}");
            }
            catch (TareException bound) when (bound.Kind == ErrorKind.ResourceExhausted)
            {
                throw SourceError.At(_source, instruction.Range, bound.Message, kind: bound.Kind);
            }
        }

        private void ReportUnmatched(Expansion expanded, Instruction instruction)
        {
            foreach (string name in expanded.Unmatched.Order(StringComparer.Ordinal))
            {
                if (!_arguments.Exists(one => one.Name == name))
                {
                    string? near = _variables.Count > MaxNear ? null : Suggestion.Nearest(name, _variables.Names);
                    Warn(
                        Rules.UndefinedVar, instruction,
                        $"Usage of undefined variable '${name}'{(near is null ? "" : $" (did you mean ${near}?)")}");
                }
            }
        }

        private void Warn(Rule rule, Instruction instruction, string message) =>
            _lowering._warnings.Add(rule, Place(instruction), message);

        private void Remember(string text, Vertex? vertex, Instruction instruction)
        {
            Take(text.Length, instruction);
            _history.Add(new HistoryStep(text, vertex, null));
        }

        private void Take(int characters, Instruction instruction)
        {
            if (!_lowering._budget.TryTake(characters))
            {
                throw SourceError.At(
                    _source, instruction.Range,
                    $"variables expand to more than {HistoryBudget.MaxCharacters} characters in all",
                    kind: ErrorKind.ResourceExhausted);
            }
        }

        private Vertex Add(Operation operation, IReadOnlyList<Vertex?> inputs, Instruction instruction, string text, bool isTrigger)
        {
            string stage = Plan.Stage.Name ?? "";
            Vertex vertex = _lowering.Unique(
                new Vertex(operation, inputs, Title(text, isTrigger), Place(instruction)));
            if (_lowering._request.IgnoresCache
                || _lowering._request.UncachedStages.Contains(stage, StringComparer.OrdinalIgnoreCase))
            {
                vertex.IgnoreCache();
            }

            _root = vertex;
            return vertex;
        }

        /// <summary>As docker's progress has it: <c>[build 2/5] RUN make</c>.</summary>
        private string Title(string text, bool isTrigger)
        {
            string stage = _lowering._plans.Count == 1 ? "" : Plan.Title + " ";
            string total = _steps.ToString(CultureInfo.InvariantCulture);
            string step = (++_step).ToString(CultureInfo.InvariantCulture).PadLeft(total.Length);
            string platform = _lowering._request.ShowsPlatform ? $"{Platform}{Purpose()} " : "";
            return $"[{platform}{stage}{step}/{total}] {(isTrigger ? "ONBUILD " : "")}{text}";
        }

        /// <summary>As docker's progress has it: <c>->arm64</c> once a stage of another platform has asked what it builds for.</summary>
        private string Purpose()
        {
            Platform target = _lowering._request.Target;
            bool isAsked = _arguments.Exists(static one => one.Name is "TARGETPLATFORM" or "TARGETOS" or "TARGETARCH");
            bool isSame = Platform.Os == target.Os && Platform.Architecture == target.Architecture;
            string architecture = target.Architecture + (target.Variant is { } variant ? "/" + variant : "");
            return !isAsked || isSame ? "" : "->" + (Platform.Os == target.Os ? architecture : $"{target.Os}/{architecture}");
        }
    }
}
