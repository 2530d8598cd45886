// SPDX-License-Identifier: Apache-2.0
using Tare.Build.Check;
using Tare.Build.Dockerfile;
using Tare.Build.Ignore;

namespace Tare.Build.Graph;

internal sealed partial class Lowering
{
    internal sealed partial class StageLowering
    {
        private const string ScriptFolder = "/dev/pipes/";
        private const string SecretFolder = "/run/secrets/";
        private const uint DefaultSecretMode = 0x100; // 0400
        private const uint DefaultAgentMode = 0x180; // 0600
        private const uint DefaultCacheMode = 0x1ed; // 0755

        private void RunStep(RunInstruction run, bool isTrigger)
        {
            (IReadOnlyList<string> words, RunScript? script) = Program(run);
            IReadOnlyList<string> command = run.Command.IsShell ? ShellLine(words) : words;
            List<Vertex?> inputs = [_root];
            RunMount[] mounts = [.. run.Mounts.Select(word => Mount(run, word, inputs))];
            IReadOnlyList<string> environment = _variables.Pairs;
            Take(environment.Sum(static pair => pair.Length) + command.Sum(static word => word.Length), run);
            RunOperation operation = new(command, environment, _folder, string.IsNullOrEmpty(_config.User) ? null : _config.User)
            {
                Mounts = mounts,
                Network = run.Network,
                Security = run.Security,
                Devices = run.Devices,
                Script = script,
                Proxies = Proxies(),
                Foreign = _lowering._request.Host.Rank(Platform) is null ? Platform : null,
            };
            string text = run.Head.Text.ReplaceLineEndings(" ");
            Vertex vertex = Add(operation, inputs, run, "RUN" + text[run.Head.Keyword.Length..], isTrigger);
            Remember(HistoryText.Run(ArgumentValues(), command), vertex, run);
        }

        /// <summary>What the shell gets. A single heredoc is the script itself; with <c>#!</c> it is a file that is
        /// executed; anything else goes to the shell with its documents behind it.</summary>
        private (IReadOnlyList<string> Words, RunScript? Script) Program(RunInstruction run)
        {
            string text = run.Command.Words.Count > 0 ? run.Command.Words[0] : "";
            if (run.Heredocs.Count == 0 || !run.Command.IsShell)
            {
                return (run.Command.Words, null);
            }

            if (HeredocWord.TryParse(text) is null)
            {
                return ([text + string.Concat(run.Heredocs.Select(static one => "\n" + one.Content + one.Name))], null);
            }

            Heredoc only = run.Heredocs[0];
            if (!only.Body.StartsWith("#!", StringComparison.Ordinal))
            {
                return ([only.Body], null);
            }

            CheckName(only, run);
            string path = ScriptFolder + only.Name;
            return ([path], new RunScript(path, only.Body));
        }

        private List<string> ArgumentValues()
        {
            Dictionary<string, int> places = new(StringComparer.Ordinal);
            List<string> values = [];
            foreach (ArgDefinition one in _arguments)
            {
                string pair = $"{one.Name}={_variables[one.Name] ?? one.Default ?? ""}";
                if (places.TryGetValue(one.Name, out int place))
                {
                    values[place] = pair;
                }
                else
                {
                    places[one.Name] = values.Count;
                    values.Add(pair);
                }
            }

            return values;
        }

        private string[] Proxies() =>
        [
            .. _lowering._request.Arguments
                .Where(static one => GlobalArguments.Proxies.Contains(one.Key, StringComparer.OrdinalIgnoreCase))
                .OrderBy(static one => one.Key, StringComparer.Ordinal)
                .SelectMany(static one => new[] { $"{one.Key.ToUpperInvariant()}={one.Value}", $"{one.Key.ToLowerInvariant()}={one.Value}" })
                .Distinct(StringComparer.Ordinal),
        ];

        private RunMount Mount(RunInstruction run, Word word, List<Vertex?> inputs)
        {
            MountOption option = MountOption.Read(_source, word, value => Expand(value, run));
            return option.Kind switch
            {
                MountKind.Secret => Secret(option, word, run),
                MountKind.Ssh => Agent(option, run),
                MountKind.Tmpfs => new RunMount(MountKind.Tmpfs, TargetOf(option, word), null) { Size = option.Size, IsReadOnly = option.IsReadOnly },
                MountKind.Cache => Cache(option, word, inputs),
                _ => new RunMount(MountKind.Bind, TargetOf(option, word), Input(option, word, inputs, isContext: true))
                {
                    Source = PathText.Rooted(option.Source),
                    IsReadOnly = option.IsReadOnly,
                },
            };
        }

        private RunMount Cache(MountOption option, Word word, List<Vertex?> inputs)
        {
            string target = TargetOf(option, word);
            if (option.From is null && PathText.Rooted(option.Source) != "/")
            {
                // what is below a cache may change while it is being mounted (CVE-2024-23651)
                throw SourceError.At(_source, word.Range, "source of a cache mount stands without from", "mount the whole cache");
            }

            return new RunMount(MountKind.Cache, target, Input(option, word, inputs, isContext: false))
            {
                Source = PathText.Rooted(option.Source),
                IsReadOnly = option.IsReadOnly,
                Id = option.Id is { Length: > 0 } id ? id : target,
                Sharing = option.Sharing,
                Mode = option.Mode ?? DefaultCacheMode,
                Uid = option.Uid ?? 0,
                Gid = option.Gid ?? 0,
            };
        }

        private RunMount Secret(MountOption option, Word word, RunInstruction run)
        {
            string id = option.Source.Length > 0 ? option.Source
                : option.Id is { Length: > 0 } given ? given
                : option.Target[(option.Target.TrimEnd('/').LastIndexOf('/') + 1)..];
            string target = option.Target.Length > 0 ? TargetOf(option, word)
                : option.Variable is null ? SecretFolder + id[(id.LastIndexOf('/') + 1)..]
                : "";
            Note(_secrets, id, option, run);
            return new RunMount(MountKind.Secret, target, null)
            {
                Id = id,
                IsRequired = option.IsRequired,
                IsReadOnly = true,
                Mode = option.Mode ?? DefaultSecretMode,
                Uid = option.Uid ?? 0,
                Gid = option.Gid ?? 0,
                Variable = option.Variable,
            };
        }

        private RunMount Agent(MountOption option, RunInstruction run)
        {
            string id = option.Id is { Length: > 0 } given ? given : "default";
            Note(_agents, id, option, run);
            return new RunMount(
                MountKind.Ssh,
                option.Target.Length > 0 ? PathText.Resolve(_folder, option.Target).TrimEnd('/') : "",
                null)
            {
                Id = id,
                IsRequired = option.IsRequired,
                IsReadOnly = true,
                Mode = option.Mode ?? DefaultAgentMode,
                Uid = option.Uid ?? 0,
                Gid = option.Gid ?? 0,
            };
        }

        private void Note(List<OutlineSecret> seen, string id, MountOption option, RunInstruction run)
        {
            if (!seen.Exists(one => one.Id == id))
            {
                seen.Add(new OutlineSecret(id, option.IsRequired, Place(run)));
            }
        }

        private string TargetOf(MountOption option, Word word)
        {
            string target = PathText.Resolve(_folder, option.Target).TrimEnd('/');
            return target.Length > 0 ? target : throw SourceError.At(
                _source, word.Range, "the target of a mount is the root", "write target=/path");
        }

        /// <summary>The number of the input that the mount shows.</summary>
        private int? Input(MountOption option, Word word, List<Vertex?> inputs, bool isContext)
        {
            Vertex? shown;
            if (option.From is { } name)
            {
                shown = Resolve(_lowering.Named(_source, word with { Text = name }, Plan.Stage.Index), PlaceOf(word.Range));
            }
            else if (isContext)
            {
                shown = _lowering.ContextVertex("", null, PlaceOf(word.Range));
            }
            else
            {
                return null;
            }

            return InputOf(inputs, shown);
        }

        /// <summary>The file system that a source stands for; null is the empty one.</summary>
        private Vertex? Resolve(StageBase source, SourceRange range) => source switch
        {
            StageBase.Earlier earlier => _lowered[earlier.Index]!._root,
            StageBase.FromImage image => _lowering.ImageVertex(
                image.Request, _lowering._bases[image.Request], $"FROM {image.Request.Image}", range),
            StageBase.FromContext context => _lowering.ContextVertex(context.Name, context.Location, range),
            _ => null,
        };

        /// <summary>The place of a vertex among the inputs; input 0, the root, is not one that is only read.</summary>
        private static int InputOf(List<Vertex?> inputs, Vertex? vertex)
        {
            int at = inputs.FindIndex(1, one => one?.Id == vertex?.Id);
            if (at < 0)
            {
                inputs.Add(vertex);
                at = inputs.Count - 1;
            }

            return at;
        }
    }
}
