// SPDX-License-Identifier: Apache-2.0
using Tare.Build.Check;
using Tare.Build.Dockerfile;
using Tare.Linux.Processes;
using Tare.Oci;

namespace Tare.Build.Graph;

internal sealed partial class Lowering
{
    internal sealed partial class StageLowering
    {
        /// <summary>Of one stage; no system call takes as many.</summary>
        private const int MaxVariables = 20_000;

        private void Arg(ArgInstruction arg)
        {
            List<string> shown = [];
            foreach (ArgDefinition one in arg.Definitions)
            {
                if (SecretNames.IsSecret(one.Name))
                {
                    Warn(Rules.SecretsUsedInArgOrEnv, arg, SecretNames.Message("ARG", one.Name));
                }

                bool isGlobal = false;
                string? value;
                if (_lowering._request.Arguments.TryGetValue(one.Name, out string? given))
                {
                    value = given;
                }
                else if (one.Default is not null)
                {
                    value = Expand(one.Default, arg);
                }
                else
                {
                    value = _lowering._globals[one.Name];
                    isGlobal = value is not null;
                }

                _variables = value is null ? _variables : _variables.With(one.Name, value);
                _arguments.Add(one with { Default = value });
                _used.Add(one.Name);
                if (!isGlobal)
                {
                    _declared[one.Name] = new OutlineArgument(one.Name, value, one.Description, Place(arg));
                }

                shown.Add(value is null ? one.Name : $"{one.Name}={value}");
            }

            Remember("ARG " + string.Join(' ', shown), null, arg);
        }

        private void Env(EnvInstruction env)
        {
            List<(string Name, string Value)> pairs = Pairs(env, env.Pairs);
            List<string> list = [.. _config.Env ?? []];
            foreach ((string name, string value) in pairs)
            {
                if (SecretNames.IsSecret(name))
                {
                    Warn(Rules.SecretsUsedInArgOrEnv, env, SecretNames.Message("ENV", name));
                }

                _variables = _variables.With(name, value);
                int at = list.FindIndex(pair => pair.Length > name.Length && pair[name.Length] == '=' && pair.StartsWith(name, StringComparison.Ordinal));
                if (at < 0 && list.Count < MaxVariables)
                {
                    list.Add($"{name}={value}");
                }
                else if (at < 0)
                {
                    throw SourceError.At(
                        _source, env.Range, $"more than {MaxVariables} variables", kind: ErrorKind.ResourceExhausted);
                }
                else
                {
                    list[at] = $"{name}={value}";
                }
            }

            _config = _config with { Env = list };
            Remember("ENV " + string.Join(' ', pairs.Select(static pair => $"{pair.Name}={pair.Value}")), null, env);
        }

        private void Label(LabelInstruction label)
        {
            List<(string Name, string Value)> pairs = Pairs(label, label.Pairs);
            Dictionary<string, string> labels = new(_config.Labels ?? new Dictionary<string, string>(), StringComparer.Ordinal);
            foreach ((string name, string value) in pairs)
            {
                labels[name] = value;
            }

            _config = _config with { Labels = labels };
            Remember("LABEL " + string.Join(' ', pairs.Select(static pair => $"{pair.Name}={pair.Value}")), null, label);
        }

        /// <summary>All values see the variables from before the instruction.</summary>
        private List<(string Name, string Value)> Pairs(Instruction instruction, IReadOnlyList<Assignment> pairs)
        {
            if (pairs.Any(static pair => pair.IsLegacy))
            {
                string keyword = instruction.Head.Keyword;
                Warn(
                    Rules.LegacyKeyValueFormat, instruction,
                    $"\"{keyword} key=value\" should be used instead of legacy \"{keyword} key value\" format");
            }

            return [.. pairs.Select(pair => (Expand(pair.Name, instruction), Expand(pair.Value, instruction)))];
        }

        private void User(UserInstruction user)
        {
            _config = _config with { User = Expand(user.User, user) };
            Remember($"USER {_config.User}", null, user);
        }

        private void Volume(VolumeInstruction volume)
        {
            string[] paths = [.. volume.Paths.Select(path => Expand(path, volume))];
            if (paths.Contains(""))
            {
                throw SourceError.At(_source, volume.Range, "VOLUME specified can not be an empty string");
            }

            _config = _config with { Volumes = Merged(_config.Volumes, paths) };
            Remember($"VOLUME {HistoryText.Plain(paths)}", null, volume);
        }

        private void Expose(ExposeInstruction expose)
        {
            List<string> ports = [];
            foreach (string port in expose.Ports.SelectMany(text => Expanded(text, expose).Words))
            {
                int slash = port.IndexOf('/');
                if (slash >= 0 && port[slash..].Any(char.IsAsciiLetterUpper))
                {
                    Warn(
                        Rules.ExposeProtoCasing, expose,
                        $"Defined protocol '{port}' in EXPOSE instruction should be lowercase");
                }

                if (ExposedPorts.HasHost(port))
                {
                    Warn(
                        Rules.ExposeInvalidFormat, expose,
                        $"EXPOSE instruction should not define an IP address or host-port mapping, found '{port}'");
                }

                try
                {
                    string[] all = [.. ExposedPorts.Read(port)];
                    Take(all.Sum(static one => one.Length), expose);
                    ports.AddRange(all);
                }
                catch (FormatException malformed)
                {
                    throw SourceError.At(_source, expose.Range, $"EXPOSE {Quoted.Text(port)}: {malformed.Message}");
                }
            }

            _config = _config with { ExposedPorts = Merged(_config.ExposedPorts, ports) };
            Remember($"EXPOSE {HistoryText.Plain(ports)}", null, expose);
        }

        private void Cmd(CmdInstruction cmd)
        {
            Once(cmd);
            IReadOnlyList<string> words = WithShell(cmd, cmd.Command);
            _config = _config with { Cmd = words, ArgsEscaped = true };
            Remember($"CMD {HistoryText.Quoted(words)}", null, cmd);
        }

        private void Entrypoint(EntrypointInstruction entrypoint)
        {
            Once(entrypoint);
            IReadOnlyList<string> words = WithShell(entrypoint, entrypoint.Command);

            // the base's arguments were meant for the base's program
            _config = _config with
            {
                Entrypoint = words.Count == 0 ? null : words,
                Cmd = _single.ContainsKey(typeof(CmdInstruction)) ? _config.Cmd : null,
            };
            Remember($"ENTRYPOINT {HistoryText.Quoted(words)}", null, entrypoint);
        }

        private IReadOnlyList<string> WithShell(Instruction instruction, CommandLine command)
        {
            if (!command.IsShell)
            {
                return command.Words;
            }

            if (_config.Shell is null or [])
            {
                Warn(
                    Rules.JsonArgsRecommended, instruction,
                    $"JSON arguments recommended for {instruction.Head.Keyword} to prevent unintended behavior related to OS signals");
            }

            return ShellLine(command.Words);
        }

        private IReadOnlyList<string> ShellLine(IReadOnlyList<string> words) =>
            [.. _config.Shell is null or [] ? DefaultShell : _config.Shell, string.Join(' ', words)];

        private void Shell(ShellInstruction shell)
        {
            _config = _config with { Shell = shell.Words };
            Remember($"SHELL {HistoryText.Plain(shell.Words)}", null, shell);
        }

        private void StopSignal(StopSignalInstruction signal)
        {
            string name = Expand(signal.Signal, signal);
            if (!Signals.TryParse(name, out _))
            {
                throw SourceError.At(
                    _source, signal.Range, $"invalid signal: {Quoted.Text(name)}", "write such as SIGTERM or 15");
            }

            _config = _config with { StopSignal = name };
            Remember($"STOPSIGNAL {name}", null, signal);
        }

        private void Healthcheck(HealthcheckInstruction check)
        {
            Once(check);
            _config = _config with { Healthcheck = check.Check };
            Remember($"HEALTHCHECK {HistoryText.Probe(check.Check)}", null, check);
        }

        /// <summary>Notes that only the last of these counts; the earlier one is at fault.</summary>
        private void Once(Instruction instruction)
        {
            if (_single.TryGetValue(instruction.GetType(), out SourceRange earlier))
            {
                _lowering._warnings.Add(
                    Rules.MultipleInstructionsDisallowed, earlier,
                    $"Multiple {instruction.Head.Keyword} instructions should not be used in the same stage because only the last one will be used");
            }

            _single[instruction.GetType()] = Place(instruction);
        }

        private static string[] Merged(IReadOnlyList<string>? old, IEnumerable<string> added) =>
            [.. (old ?? []).Concat(added).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];
    }
}
