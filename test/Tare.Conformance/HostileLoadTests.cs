// SPDX-License-Identifier: Apache-2.0
using Tare.Hostile;

namespace Tare.Conformance;

[Trait("ring", "kernel")]
public sealed class HostileLoadTests : IDisposable
{
    private readonly TareBinary _tare = new();

    public void Dispose() => _tare.Dispose();

    [Fact]
    public void Every_hostile_archive_is_refused_by_name_and_nothing_outside_the_store_changes()
    {
        string canary = Directory.CreateDirectory(Path.Combine(_tare.Folder, "canary", "dir")).Parent!.FullName;
        File.WriteAllText(Path.Combine(canary, "file"), "untouched");
        File.WriteAllText(Path.Combine(canary, "dir", "inner"), "untouched");
        string before = Look(canary);
        List<string> wrong = [];

        // the layers are all tried inside one process by the tests of Images; here a part of them proves the way
        foreach (HostileArchive archive in HostileArchives.For(canary).Where((a, i) => !a.Name.StartsWith("layer:", StringComparison.Ordinal) || i % 4 == 0))
        {
            if (Load(archive) is { } fault)
            {
                wrong.Add(fault);
            }
        }

        Assert.True(wrong.Count == 0, string.Join('\n', wrong));
        Assert.Equal(before, Look(canary));
    }

    /// <summary>What was wrong with the outcome; null when it was as the kit says.</summary>
    private string? Load(HostileArchive archive)
    {
        Outcome outcome = _tare.Run(["load"], archive.Archive);
        bool isError = outcome.ExitCode == 1 && outcome.Error.StartsWith("tare: ", StringComparison.Ordinal)
            && outcome.Error.Contains(archive.Mentions, StringComparison.Ordinal)
            && !outcome.Error.Contains("internal error", StringComparison.Ordinal);
        return archive.IsRefused == isError && (archive.IsRefused || outcome.ExitCode == 0)
            ? null
            : $"{archive.Name}: {outcome.ExitCode}: {outcome.Error}, want '{archive.Mentions}'";
    }

    /// <summary>Names, times and contents of the canary, and what stands beside the store.</summary>
    private string Look(string canary) => string.Join('\n', Directory
        .GetFileSystemEntries(canary, "*", SearchOption.AllDirectories)
        .Select(path => $"{path} {File.GetLastWriteTimeUtc(path):o} {(File.Exists(path) ? File.ReadAllText(path) : "")}")
        .Concat(Directory.GetFileSystemEntries(_tare.Folder).Except([_tare.Root, _tare.RunFolder]))
        .Order(StringComparer.Ordinal));
}
