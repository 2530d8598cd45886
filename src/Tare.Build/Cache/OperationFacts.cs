// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using System.Text;
using Tare.Build.Graph;
using Tare.Build.Solve;
using Tare.Oci;

namespace Tare.Build.Cache;

/// <summary>What an operation depends on, beside files: for explanations only, the key itself is computed elsewhere.</summary>
internal static class OperationFacts
{
    /// <summary>The fact about what the step begins with.</summary>
    public const string Base = "base";

    private const int LongestValue = 200;

    /// <param name="operation">what the step does</param>
    /// <param name="inputs">the identities of its inputs; null for one that is known by its files</param>
    /// <param name="time">stands in what it makes</param>
    /// <param name="others">what counts beside that</param>
    /// <param name="files">that it takes; null: none</param>
    public static StepInputs Of(
        Operation operation, IReadOnlyList<string?> inputs, BuildTime time, IEnumerable<InputFact> others, FileFacts? files = null)
    {
        (string kind, IEnumerable<InputFact> own) = operation switch
        {
            RunOperation run => ("RUN", OfRun(run)),
            TransferOperation transfer => ("COPY", OfTransfer(transfer)),
            MakeFolderOperation folder => ("WORKDIR", OfFolder(folder)),
            _ => throw new TareException(ErrorKind.Internal, $"{operation.GetType().Name}: no step of the cache"),
        };
        IEnumerable<InputFact> below = inputs.Select(static (input, i) => (Input: input, Number: i)).Where(static one => one.Input is not null)
            .Select(static one => Fact(one.Number == 0 ? Base : Numbered("input", one.Number), one.Input!));
        InputFact[] moment = [Fact("SOURCE_DATE_EPOCH", time.IsGiven ? time.Text : "not given")];
        return new StepInputs(kind, [.. own.Concat(below).Concat(others).Concat(moment).Select(Cut)], files?.Sorted() ?? []);
    }

    public static InputFact Fact(string name, string value) => new(name, value);

    private static IEnumerable<InputFact> OfRun(RunOperation run)
    {
        yield return Fact("command", string.Join(' ', run.Arguments));
        if (run.Script is { } script)
        {
            yield return Fact("script " + script.Path, script.Content);
        }

        foreach (string pair in run.Environment)
        {
            int equals = pair.IndexOf('=', StringComparison.Ordinal);
            yield return equals < 0 ? Fact("variable " + pair, "") : Fact("variable " + pair[..equals], pair[(equals + 1)..]);
        }

        yield return Fact("working directory", run.Folder);
        yield return Fact("user", run.User ?? "root");
        yield return Fact("--network", run.Network.ToString());
        yield return Fact("--security", run.Security.ToString());
        for (int i = 0; i < run.Mounts.Count; i++)
        {
            yield return Fact(NameOf(run.Mounts[i], i), Text(run.Mounts[i]));
        }

        foreach (Dockerfile.RunDevice device in run.Devices)
        {
            yield return Fact("device " + device.Name, device.IsRequired ? "required" : "optional");
        }
    }

    private static IEnumerable<InputFact> OfTransfer(TransferOperation transfer)
    {
        yield return Fact("destination", transfer.Destination);
        yield return Fact("--chown", transfer.Owner ?? "not given");
        yield return Fact("--chmod", transfer.Mode ?? "not given");
        yield return Fact("--exclude", string.Join(", ", transfer.Excludes));
        yield return Fact("--link", transfer.IsLinked ? "true" : "false");
        for (int i = 0; i < transfer.Items.Count; i++)
        {
            TransferItem item = transfer.Items[i];
            yield return Fact(
                Numbered("source", i + 1),
                item.Source + (item.Below is null ? "" : $" with parents, {item.Below}") + (item.Unpacks ? ", unpacked" : ""));
            if (item.Content is { } content)
            {
                yield return Fact("text of " + item.Source, content);
            }
        }
    }

    private static IEnumerable<InputFact> OfFolder(MakeFolderOperation folder) =>
        [Fact("directory", folder.Path), Fact("user", folder.User ?? "root")];

    private static string NameOf(RunMount mount, int number) => mount.Kind switch
    {
        Dockerfile.MountKind.Secret => "secret id " + mount.Id,
        Dockerfile.MountKind.Ssh => "ssh id " + mount.Id,
        Dockerfile.MountKind.Cache => "cache mount " + mount.Target,
        _ => Numbered("mount", number + 1),
    };

    private static string Text(RunMount mount) => string.Create(
        CultureInfo.InvariantCulture,
        $"{mount.Kind} {mount.Target} from {mount.Source} id {mount.Id} {mount.Sharing} {(mount.IsReadOnly ? "ro" : "rw")}"
        + $"{(mount.IsRequired ? " required" : "")} size {mount.Size} mode {mount.Mode} owner {mount.Uid}:{mount.Gid} env {mount.Variable}");

    private static string Numbered(string noun, int number) => string.Create(CultureInfo.InvariantCulture, $"{noun} {number}");

    private static InputFact Cut(InputFact fact) => fact.Value.Length <= LongestValue
        ? fact
        : fact with { Value = $"{fact.Value[..LongestValue]}… ({Digest.Of(Encoding.UTF8.GetBytes(fact.Value)).Hex[..12]})" };
}
