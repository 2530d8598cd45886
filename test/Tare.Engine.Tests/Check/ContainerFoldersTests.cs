// SPDX-License-Identifier: Apache-2.0
using Tare.Engine.Check;
using Tare.Engine.Containers;
using Tare.Engine.State;

namespace Tare.Engine.Tests.Check;

public sealed class ContainerFoldersTests : IDisposable
{
    private readonly Checked _store = new(static engine => new ContainerFolders(engine));
    private readonly ContainerId _id = ContainerId.Create();

    public void Dispose() => _store.Dispose();

    [Fact]
    public void Containers_with_records_and_folders_are_fine()
    {
        _store.Insert("one");
        _store.Insert("two", autoRemove: true);

        Assert.Empty(_store.Look());
    }

    [Theory]
    [InlineData("root")]
    [InlineData("run")]
    public void Files_without_a_record_are_removed(string where)
    {
        string folder = $"{(where == "root" ? _store.Root : _store.Run)}/containers/{_id}";
        Directory.CreateDirectory($"{folder}/upper/etc");

        Assert.Equal([$"container {_id}: it has files and no record"], _store.Look());
        _store.Repair();

        Assert.Empty(_store.Look());
        Assert.False(Directory.Exists(folder));
        Assert.Empty(Directory.GetFileSystemEntries($"{_store.Run}/ops"));
    }

    [Fact]
    public void What_somebody_is_making_is_no_finding_and_not_touched()
    {
        _store.Engine.Folders.MakeContainer(_id.Text).Dispose();
        Assert.Single(_store.Look());
        using Operation operation = Operation.Begin(_store.Engine.Folders, _id.Text);

        Assert.Empty(_store.Look());
        using TareEngine other = TareEngine.Open(_store.Root, _store.Run);
        new ContainerFolders(other).Repair([new("container", _id.Text, "it has files and no record", true)]);
        Assert.True(Directory.Exists($"{_store.Root}/containers/{_id}"));
    }

    [Fact]
    public void A_record_whose_files_are_gone_is_removed()
    {
        ContainerRow row = _store.Insert("lost");
        Directory.Delete($"{_store.Root}/containers/{row.Id}");

        Assert.Equal([$"container {row.Id}: its files are gone"], _store.Look());
        _store.Repair();

        Assert.Empty(_store.Look());
        Assert.Null(_store.Engine.Containers.Find("lost"));
    }

    [Fact]
    public void A_container_that_died_unseen_is_recorded_and_a_throw_away_one_removed()
    {
        ContainerRow kept = _store.Insert("kept", hasEnded: false);
        ContainerRow gone = _store.Insert("gone", autoRemove: true, hasEnded: false);

        Assert.Equal(
            new[] { $"container {kept.Id}: kept does not run, and nobody recorded its end", $"container {gone.Id}: gone does not run, and nobody recorded its end" }.Order(),
            _store.Look());
        _store.Repair();

        Assert.Empty(_store.Look());
        Assert.Equal(255, ContainerJson.ReadOutcome(_store.Engine.Containers.Find("kept")!)?.ExitCode);
        Assert.Null(_store.Engine.Containers.Find("gone"));
        Assert.False(Directory.Exists($"{_store.Root}/containers/{gone.Id}"));
    }

    [Fact]
    public void Foreign_names_are_removed_and_what_they_lead_to_stays()
    {
        string outside = Directory.CreateDirectory($"{_store.Root}/../outside").FullName;
        File.WriteAllText($"{_store.Root}/containers/note", "");
        Directory.CreateDirectory($"{_store.Root}/containers/{_id.Short}/below");
        File.CreateSymbolicLink($"{_store.Run}/containers/link", outside);

        Assert.Equal(3, _store.Look().Length);
        _store.Repair();

        Assert.Empty(_store.Look());
        Assert.True(Directory.Exists(outside));
    }
}
