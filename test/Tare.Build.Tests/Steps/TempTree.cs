// SPDX-License-Identifier: Apache-2.0
using Tare.Build.Graph;
using Tare.Build.Ignore;
using Tare.Build.Steps;
using Tare.Linux.Files;

namespace Tare.Build.Tests.Steps;

/// <summary>A folder of files for one test.</summary>
internal sealed class TempTree : IDisposable
{
    public TempTree() => Folder = Directory.CreateTempSubdirectory("tare-build-").FullName;

    public string Folder { get; }

    public string Path(string name) => System.IO.Path.Combine(Folder, name);

    /// <summary>Writes a file; its folders are made.</summary>
    public TempTree With(string name, string content = "", UnixFileMode mode = (UnixFileMode)0b110_100_100)
    {
        Directory.CreateDirectory(System.IO.Path.GetDirectoryName(Path(name))!);
        File.WriteAllText(Path(name), content);
        File.SetUnixFileMode(Path(name), mode);
        return this;
    }

    public TempTree Linked(string name, string target)
    {
        File.CreateSymbolicLink(Path(name), target);
        return this;
    }

    public InputTree Open(params string[] ignored) =>
        new(Root.Open(Folder), ignored.Length == 0 ? null : new PatternList(ignored), IsContext: true);

    /// <summary>The digest of what a source takes.</summary>
    public string Digest(string source = "/", string[]? ignored = null, FileDigests? digests = null)
    {
        using InputTree tree = Open(ignored ?? []) with { Digests = digests };
        using DefinitionWriter writer = new();
        new Selection(tree, [], new ContentDigest(tree, writer), default).Visit(new TransferItem(0, source) { IsPattern = true });
        return writer.Id().ToString();
    }

    public void Dispose() => Directory.Delete(Folder, recursive: true);
}
