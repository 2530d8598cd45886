// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using System.Text;
using System.Text.Json;
using Tare.Build.Check;
using Tare.Build.Sources;
using Tare.Oci;

namespace Tare.Build.Graph;

/// <summary>A graph as text: every vertex with all that its id depends on, then the image and its history.</summary>
internal static class PlanText
{
    public static string Of(BuildGraph graph)
    {
        StringBuilder text = new();
        Dictionary<VertexId, string> names = [];
        foreach (Vertex vertex in graph.Vertices)
        {
            names[vertex.Id] = string.Create(CultureInfo.InvariantCulture, $"v{names.Count}");
            Append(text, vertex, names);
        }

        foreach (BaseRequest missing in graph.Missing)
        {
            text.Append(CultureInfo.InvariantCulture, $"missing {missing.Image} {missing.Platform}\n");
        }

        if (graph.Result is { } result)
        {
            Append(text, result, names);
        }

        foreach (Warning warning in graph.Warnings)
        {
            text.Append(CultureInfo.InvariantCulture, $"warning {warning.Range.Line} {warning.Rule.Name}: {warning.Message}\n");
        }

        return text.ToString();
    }

    private static void Append(StringBuilder text, Vertex vertex, Dictionary<VertexId, string> names)
    {
        text.Append(CultureInfo.InvariantCulture, $"{names[vertex.Id]} {vertex.Id.Short} line {vertex.Range.Line}: {vertex.Name}\n");
        foreach (string line in Lines(vertex.Operation, [.. vertex.Inputs.Select(input => NameOf(input, names))]))
        {
            text.Append(CultureInfo.InvariantCulture, $"    {line}\n");
        }
    }

    private static void Append(StringBuilder text, StageResult result, Dictionary<VertexId, string> names)
    {
        text.Append(CultureInfo.InvariantCulture, $"result {NameOf(result.Root, names)}\n");
        text.Append(CultureInfo.InvariantCulture, $"config {Encoding.UTF8.GetString(result.Config.ToBytes())}\n");
        foreach (HistoryStep step in result.History)
        {
            string layer = step.Inherited is not null ? "base" : NameOf(step.Vertex, names) is { } name && step.Vertex is not null ? name : "-";
            text.Append(CultureInfo.InvariantCulture, $"history {layer} {Quote(step.CreatedBy)}\n");
        }
    }

    private static string NameOf(Vertex? vertex, Dictionary<VertexId, string> names) =>
        vertex is null ? "scratch" : names[vertex.Id];

    private static IEnumerable<string> Lines(Operation operation, string[] inputs) => operation switch
    {
        ImageOperation image => [$"image {image.Image} {image.Platform}"],
        ContextOperation context =>
        [
            $"context {Quote(context.Name)}{(context.Location is null ? "" : " at " + RemoteText.WithoutPasswords(context.Location))}",
            .. context.Ignored.Select(static pattern => $"ignores {Quote(pattern)}"),
        ],
        RemoteFileOperation file => [$"file {file.Url} as {Quote(file.FileName)}{(file.Checksum is null ? "" : " " + file.Checksum)}"],
        GitOperation git => [GitLine(git)],
        MakeFolderOperation folder => [$"folder {Quote(folder.Path)} in {inputs[0]}{(folder.User is null ? "" : " of " + folder.User)}"],
        TransferOperation transfer => TransferLines(transfer, inputs),
        RunOperation run => RunLines(run, inputs),
        _ => throw new InvalidOperationException($"no text for {operation.GetType().Name}"),
    };

    private static string GitLine(GitOperation git) =>
        $"git {git.Source.Remote} ref {git.Source.Ref ?? "default"} folder {git.Source.Folder ?? "all"}"
        + (git.Checksum is null ? "" : $" commit {git.Checksum}")
        + (git.KeepsGitDirectory ? " keeps .git" : "")
        + (git.Source.HasSubmodules ? "" : " without submodules");

    private static IEnumerable<string> TransferLines(TransferOperation transfer, string[] inputs)
    {
        yield return $"to {Quote(transfer.Destination)} in {inputs[0]}"
            + (transfer.Owner is null ? "" : $" owner {transfer.Owner}")
            + (transfer.Mode is null ? "" : $" mode {transfer.Mode}")
            + (transfer.IsLinked ? " linked" : "");
        foreach (TransferItem item in transfer.Items)
        {
            yield return item.Content is { } content
                ? $"text {Quote(item.Source)} {Quote(content)}"
                : $"from {inputs[item.Input!.Value]} {Quote(item.Source)}"
                    + (item.Below is null ? "" : $" below {Quote(item.Below)}")
                    + (item.Required is null ? "" : $" requires {Quote(item.Required)}")
                    + (item.IsPattern ? "" : " as is")
                    + (item.Unpacks ? " unpacks" : "");
        }

        foreach (string pattern in transfer.Excludes)
        {
            yield return $"but {Quote(pattern)}";
        }
    }

    private static IEnumerable<string> RunLines(RunOperation run, string[] inputs)
    {
        yield return $"run in {inputs[0]} at {Quote(run.Folder)}"
            + (run.User is null ? "" : $" as {run.User}")
            + (run.Network == default ? "" : $" network {run.Network}")
            + (run.Security == default ? "" : $" security {run.Security}");
        yield return string.Join(' ', run.Arguments.Select(Quote));
        foreach (string pair in run.Environment)
        {
            yield return $"env {Quote(pair)}";
        }

        foreach (RunMount mount in run.Mounts)
        {
            yield return MountLine(mount, inputs);
        }

        foreach (Dockerfile.RunDevice device in run.Devices)
        {
            yield return $"device {device.Name}{(device.IsRequired ? " required" : "")}";
        }

        if (run.Script is { } script)
        {
            yield return $"script {script.Path} {Quote(script.Content)}";
        }

        foreach (string pair in run.Proxies)
        {
            yield return $"proxy {Quote(pair)}";
        }
    }

    private static string MountLine(RunMount mount, string[] inputs) =>
        $"mount {mount.Kind} {Quote(mount.Target)}"
        + (mount.Input is { } input ? $" from {inputs[input]} {Quote(mount.Source)}" : "")
        + (mount.IsReadOnly ? " ro" : " rw")
        + (mount.Id is null ? "" : $" id {Quote(mount.Id)}")
        + (mount.Kind == Dockerfile.MountKind.Cache ? $" {mount.Sharing}" : "")
        + (mount.IsRequired ? " required" : "")
        + (mount.Size == 0 ? "" : string.Create(CultureInfo.InvariantCulture, $" size {mount.Size}"))
        + (mount.Mode is { } mode ? $" mode {Convert.ToString(mode, 8)} {mount.Uid}:{mount.Gid}" : "")
        + (mount.Variable is null ? "" : $" env {mount.Variable}");

    private static string Quote(string text) => $"\"{JsonEncodedText.Encode(text, OciJson.Writer.Options.Encoder)}\"";
}
