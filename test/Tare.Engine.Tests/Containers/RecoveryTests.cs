// SPDX-License-Identifier: Apache-2.0
using Tare.Engine.Containers;
using Tare.Engine.State;

namespace Tare.Engine.Tests.Containers;

public sealed class RecoveryTests : IDisposable
{
    private readonly TemporaryEngine _temporary = new();

    [Fact]
    public void What_a_dead_process_left_without_a_record_is_removed()
    {
        var id = ContainerId.Create();
        _temporary.Engine.Folders.MakeContainer(id.Text).Dispose();
        File.WriteAllText($"{_temporary.Run}/ops/{id}", "");

        Recovery.FinishOperations(_temporary.Reopen());

        Assert.Empty(Directory.GetFileSystemEntries($"{_temporary.Root}/containers"));
        Assert.Empty(Directory.GetFileSystemEntries($"{_temporary.Run}/containers"));
        Assert.Empty(Directory.GetFileSystemEntries($"{_temporary.Run}/ops"));
    }

    [Fact]
    public void What_a_living_process_is_making_is_left_alone()
    {
        var id = ContainerId.Create();
        using Operation? operation = Operation.TryBegin(_temporary.Engine.Folders, id.Text);
        _temporary.Engine.Folders.MakeContainer(id.Text).Dispose();

        using TareEngine other = TareEngine.Open(_temporary.Root, _temporary.Run);
        Recovery.FinishOperations(other);

        Assert.True(Directory.Exists($"{_temporary.Root}/containers/{id}"));
        Assert.Null(Operation.TryBegin(other.Folders, id.Text));
    }

    [Fact]
    public void A_throw_away_container_does_not_outlive_the_boot_and_an_ordinary_one_does()
    {
        ContainerRow gone = Insert("gone", autoRemove: true);
        ContainerRow kept = Insert("kept", autoRemove: false);
        Insert("waiting", autoRemove: false, started: false);
        _temporary.Engine.Dispose();
        Directory.Delete(_temporary.Run, recursive: true);

        TareEngine engine = _temporary.Reopen();
        Recovery.FinishOperations(engine);

        Assert.Null(engine.Containers.Find("gone"));
        Assert.False(Directory.Exists($"{_temporary.Root}/containers/{gone.Id}"));
        ContainerStatus status = StatusReader.Read(engine, engine.Containers.Find("kept")!);
        Assert.Equal((ContainerStatusKind.Exited, 255), (status.Kind, status.ExitCode));
        Assert.True(Directory.Exists($"{_temporary.Root}/containers/{kept.Id}"));
        Assert.Equal(
            ContainerStatusKind.Created, StatusReader.Read(engine, engine.Containers.Find("waiting")!).Kind);
    }

    [Fact]
    public void A_start_whose_maker_died_is_taken_back()
    {
        DateTimeOffset now = DateTimeOffset.UtcNow;
        ContainerRow gone = Insert("gone", autoRemove: true, startedAt: now);
        Insert("kept", autoRemove: false, startedAt: now);
        TareEngine engine = _temporary.Engine;

        Assert.All(engine.Containers.List(), row => Assert.True(Recovery.Finish(engine, row.Id)));

        Assert.Null(engine.Containers.Find("gone"));
        Assert.False(Directory.Exists($"{_temporary.Root}/containers/{gone.Id}"));
        ContainerRow kept = engine.Containers.Find("kept")!;
        Assert.Equal((ContainerStatusKind.Created, (DateTimeOffset?)null), (StatusReader.Read(engine, kept).Kind, kept.Started));
    }

    [Fact]
    public void Whoever_gets_hold_of_what_has_no_record_removes_it()
    {
        var id = ContainerId.Create();
        _temporary.Engine.Folders.MakeContainer(id.Text).Dispose();
        using (Operation.Begin(_temporary.Engine.Folders, id.Text))
        {
            Assert.Null(Settlement.Bring(_temporary.Engine, id));
        }

        Assert.Empty(Directory.GetFileSystemEntries($"{_temporary.Root}/containers"));
    }

    [Fact]
    public void The_run_folder_of_a_run_that_was_recorded_goes()
    {
        ContainerRow row = Insert("ended", autoRemove: false, started: false);
        _temporary.Engine.Folders.MakeLive(row.Id.Text).Dispose();

        Assert.True(Recovery.Finish(_temporary.Engine, row.Id));

        Assert.Empty(Directory.GetFileSystemEntries($"{_temporary.Run}/containers"));
        Assert.NotNull(_temporary.Engine.Containers.Find("ended"));
    }

    [Fact]
    public void Anonymous_volumes_without_a_folder_go_and_named_ones_get_theirs()
    {
        var id = ContainerId.Create();
        TareEngine engine = _temporary.Engine;
        (string anonymous, _) = engine.Volumes.Use(null, id);
        engine.Volumes.Use("data", id);
        Directory.Delete($"{_temporary.Root}/volumes", recursive: true);

        Recovery.Finish(engine, id);

        Assert.Equal(["data"], engine.Volumes.List().Select(volume => volume.Name));
        Assert.True(Directory.Exists($"{_temporary.Root}/volumes/data/_data"));
        Assert.False(Directory.Exists($"{_temporary.Root}/volumes/{anonymous}"));
    }

    [Fact]
    public void An_operation_begins_also_while_others_look_for_dead_ones()
    {
        using var done = new CancellationTokenSource();
        var looking = new Thread(() =>
        {
            using TareEngine other = TareEngine.Open(_temporary.Root, _temporary.Run);
            while (!done.IsCancellationRequested)
            {
                Recovery.FinishOperations(other);
            }
        });
        looking.Start();

        for (int i = 0; i < 300; i++)
        {
            var id = ContainerId.Create();
            using Operation operation = Operation.Begin(_temporary.Engine.Folders, id.Text);
            Assert.True(File.Exists($"{_temporary.Run}/ops/{id}"));
        }

        done.Cancel();
        looking.Join();
    }

    public void Dispose() => _temporary.Dispose();

    private ContainerRow Insert(string name, bool autoRemove, bool started = true, DateTimeOffset? startedAt = null)
    {
        var id = ContainerId.Create();
        _temporary.Engine.Folders.MakeContainer(id.Text).Dispose();
        return _temporary.Engine.Containers.Insert(
            new(id, name, "busybox", "sha256:0", DateTimeOffset.UnixEpoch, autoRemove, "{}"u8.ToArray(), null, started ? startedAt ?? DateTimeOffset.UnixEpoch : null),
            name);
    }
}
