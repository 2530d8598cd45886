// SPDX-License-Identifier: Apache-2.0
using System.Text;
using System.Text.Json;
using Tare.Build.Dockerfile;

namespace Tare.Build.Tests.Dockerfile;

/// <summary>A parsed Dockerfile as text, for goldens.</summary>
internal static class DocumentText
{
    public static string Of(DockerfileDocument document)
    {
        StringBuilder text = new();
        text.Append($"escape {document.Directives.Escape} syntax {document.Directives.Syntax ?? "-"} check {document.Directives.Check ?? "-"}\n");
        foreach (ArgInstruction arg in document.GlobalArgs)
        {
            Append(text, arg);
        }

        foreach (Stage stage in document.Stages)
        {
            text.Append($"stage {stage.Index} {stage.Name ?? "-"}\n");
            Append(text, stage.From);
            foreach (Instruction instruction in stage.Instructions)
            {
                Append(text, instruction);
            }
        }

        foreach (SourceRange range in document.EmptyContinuations)
        {
            text.Append($"empty continuation {range}\n");
        }

        return text.ToString();
    }

    private static void Append(StringBuilder text, Instruction instruction)
    {
        text.Append($"{instruction.Range} {instruction.Head.Keyword}");
        foreach (string comment in instruction.Head.Comments)
        {
            text.Append($" #{Quote(comment)}");
        }

        text.Append('\n');
        foreach (string line in Lines(instruction))
        {
            text.Append($"    {line}\n");
        }
    }

    private static IEnumerable<string> Lines(Instruction instruction) => instruction switch
    {
        FromInstruction from =>
        [
            $"image {Show(from.Image)}",
            .. from.Platform is { } platform ? [$"platform {Show(platform)}"] : Array.Empty<string>(),
            .. from.WrittenName is { } name ? [$"{from.AsWord} {name}"] : Array.Empty<string>(),
        ],
        ArgInstruction arg => arg.Definitions.Select(static one =>
            $"{one.Range} {one.Name}{(one.Default is null ? "" : " = " + Quote(one.Default))}{(one.Description.Length == 0 ? "" : $" ({one.Description})")}"),
        EnvInstruction env => env.Pairs.Select(Show),
        LabelInstruction label => label.Pairs.Select(Show),
        RunInstruction run =>
        [
            Show(run.Command),
            $"network {run.Network} security {run.Security}",
            .. run.Mounts.Select(static mount => $"mount {Show(mount)}"),
            .. run.Devices.Select(static device => $"device {device.Name} {device.IsRequired}"),
            .. run.Heredocs.Select(Show),
        ],
        TransferInstruction transfer => Transfer(transfer),
        ExposeInstruction expose => expose.Ports.Select(Quote),
        VolumeInstruction volume => volume.Paths.Select(Quote),
        UserInstruction user => [Quote(user.User)],
        WorkdirInstruction workdir => [Quote(workdir.Path)],
        CmdInstruction cmd => [Show(cmd.Command)],
        EntrypointInstruction entrypoint => [Show(entrypoint.Command)],
        ShellInstruction shell => [string.Join(' ', shell.Words.Select(Quote))],
        StopSignalInstruction signal => [Quote(signal.Signal)],
        HealthcheckInstruction check =>
        [
            string.Join(' ', check.Check.Test!.Select(Quote)),
            $"interval {check.Check.Interval} timeout {check.Check.Timeout} start {check.Check.StartPeriod} {check.Check.StartInterval} retries {check.Check.Retries}",
        ],
        OnbuildInstruction onbuild => [Quote(onbuild.Expression)],
        MaintainerInstruction maintainer => [Quote(maintainer.Maintainer)],
        _ => throw new InvalidOperationException(instruction.GetType().Name),
    };

    private static IEnumerable<string> Transfer(TransferInstruction transfer)
    {
        foreach (Word source in transfer.Sources)
        {
            yield return $"source {Show(source)}";
        }

        foreach (Heredoc document in transfer.Documents)
        {
            yield return Show(document);
        }

        yield return $"destination {Show(transfer.Destination)}";
        yield return $"chown {transfer.Chown ?? "-"} chmod {transfer.Chmod ?? "-"} link {transfer.IsLinked} exclude {string.Join(' ', transfer.Excludes.Select(Quote))}";
        yield return transfer switch
        {
            CopyInstruction copy => $"from {(copy.From is { } from ? Show(from) : "-")} parents {copy.KeepsParents}",
            AddInstruction add => $"checksum {add.Checksum ?? "-"} git {add.KeepsGitDirectory} unpack {add.Unpacks}",
            _ => throw new InvalidOperationException(transfer.GetType().Name),
        };
    }

    private static string Show(Word word) => $"{word.Range} {Quote(word.Text)}";

    private static string Show(Assignment pair) => $"{Quote(pair.Name)} = {Quote(pair.Value)}{(pair.IsLegacy ? " legacy" : "")}";

    private static string Show(CommandLine command) =>
        $"{(command.IsShell ? "shell" : "exec")} {string.Join(' ', command.Words.Select(Quote))}";

    private static string Show(Heredoc one) =>
        $"heredoc {one.Descriptor}<<{(one.Chomps ? "-" : "")}{Quote(one.Name)}{(one.Expands ? "" : " raw")} {Quote(one.Content)}";

    private static string Quote(string text) =>
        $"\"{JsonEncodedText.Encode(text, System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping)}\"";
}
