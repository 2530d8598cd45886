// SPDX-License-Identifier: Apache-2.0
using Tare.Hostile;
using Tare.Images.Tests.Layers;
using Tare.Images.Tests.Store;
using Tare.Linux.Files;
using Tare.Oci;

namespace Tare.Images.Tests.Archive;

[Trait("ring", "kernel")]
public sealed class HostileLoadTests : IDisposable
{
    private readonly TestStore _store = new();
    private readonly ScratchTree _scratch = new();

    public void Dispose()
    {
        _store.Dispose();
        _scratch.Dispose();
    }

    [Fact]
    public async Task Every_hostile_archive_is_refused_and_changes_nothing_outside_the_store()
    {
        using Root canary = _scratch.Make("canary");
        string path = Path.Combine(_scratch.HostPathName, "canary");
        await File.WriteAllTextAsync(Path.Combine(path, "file"), "untouched", TestContext.Current.CancellationToken);
        Directory.CreateDirectory(Path.Combine(path, "dir"));
        var before = ScratchTree.Describe(canary);
        List<string> wrong = [];

        foreach (HostileArchive archive in HostileArchives.For(path))
        {
            int layers = _store.Names("layers").Count;
            if (await LoadAsync(archive) is { } fault)
            {
                wrong.Add(fault);
            }

            if (archive.IsRefused && _store.Names("layers").Count != layers)
            {
                wrong.Add($"{archive.Name}: left a layer in the store");
            }
        }

        Assert.True(before.SequenceEqual(ScratchTree.Describe(canary)), "the canary changed");
        Assert.True(wrong.Count == 0, string.Join('\n', wrong));
        Assert.Empty(_store.Names("tmp"));
    }

    /// <summary>What was wrong with the outcome; null when it was as the kit says.</summary>
    private async Task<string?> LoadAsync(HostileArchive archive)
    {
        try
        {
            await _store.LoadAsync(archive.Archive);
            return archive.IsRefused ? $"{archive.Name}: loaded, want an error with '{archive.Mentions}'" : null;
        }
        catch (TareException e) when (e.Kind != ErrorKind.Internal)
        {
            return !archive.IsRefused ? $"{archive.Name}: refused: {e.Message}"
                : e.Message.Contains(archive.Mentions, StringComparison.Ordinal) && !e.Message.Contains('\n') ? null
                : $"{archive.Name}: got '{e.Message}', want '{archive.Mentions}'";
        }
        catch (Exception e)
        {
            return $"{archive.Name}: {e.GetType().Name}: {e.Message}";
        }
    }
}
