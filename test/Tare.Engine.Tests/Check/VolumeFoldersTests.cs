// SPDX-License-Identifier: Apache-2.0
using Tare.Engine.Check;
using Tare.Engine.Containers;

namespace Tare.Engine.Tests.Check;

public sealed class VolumeFoldersTests : IDisposable
{
    private readonly Checked _store = new(static engine => new VolumeFolders(engine));

    public void Dispose() => _store.Dispose();

    [Fact]
    public void Volumes_in_use_and_volumes_left_are_fine()
    {
        ContainerRow row = _store.Insert("user");
        _store.Engine.Volumes.Use("data", row.Id);
        _store.Engine.Volumes.Use(null, row.Id);
        _store.Engine.Containers.Delete(row.Id, durable: false);

        Assert.Empty(_store.Look());
    }

    [Fact]
    public void Without_a_record_data_is_recorded_again_and_the_rest_removed()
    {
        string anonymous = ContainerId.Create().Text;
        Plant("data", "row");
        Plant("empty", null);
        Plant(anonymous, "copied up");
        File.WriteAllText($"{_store.Root}/volumes/.tmp-0011", "");

        Assert.Equal(
            new HashSet<string>
            {
                "file volumes/.tmp-0011: it is not a volume", $"volume {anonymous}: its folder has no record",
                "volume data: its folder has no record", "volume empty: its folder has no record",
            },
            _store.Look().ToHashSet());
        _store.Repair();

        Assert.Empty(_store.Look());
        Assert.Equal(["data"], _store.Engine.Volumes.List().Select(static volume => volume.Name));
        Assert.Equal("row", File.ReadAllText($"{_store.Root}/volumes/data/_data/file"));
        Assert.Equal([$"{_store.Root}/volumes/data"], Directory.GetFileSystemEntries($"{_store.Root}/volumes"));
    }

    [Fact]
    public void Without_a_folder_it_is_made_again_for_its_users_or_forgotten()
    {
        ContainerRow row = _store.Insert("user");
        _store.Engine.Volumes.Use("used", row.Id);
        ContainerRow gone = _store.Insert("gone");
        _store.Engine.Volumes.Use("unused", gone.Id);
        _store.Engine.Containers.Delete(gone.Id, durable: false);
        Directory.Delete($"{_store.Root}/volumes", recursive: true);
        Directory.CreateDirectory($"{_store.Root}/volumes");

        Assert.Equal(["volume unused: its folder is gone", "volume used: its folder is gone"], _store.Look());
        _store.Repair();

        Assert.Empty(_store.Look());
        Assert.Equal(["used"], _store.Engine.Volumes.List().Select(static volume => volume.Name));
        Assert.True(Directory.Exists($"{_store.Root}/volumes/used/_data"));
    }

    private void Plant(string name, string? content)
    {
        Directory.CreateDirectory($"{_store.Root}/volumes/{name}/_data");
        if (content is not null)
        {
            File.WriteAllText($"{_store.Root}/volumes/{name}/_data/file", content);
        }
    }
}
