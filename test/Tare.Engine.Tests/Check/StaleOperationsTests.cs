// SPDX-License-Identifier: Apache-2.0
using Tare.Engine.Check;
using Tare.Engine.Containers;
using Tare.Engine.State;

namespace Tare.Engine.Tests.Check;

public sealed class StaleOperationsTests : IDisposable
{
    private readonly Checked _store = new(static engine => new StaleOperations(engine));

    public void Dispose() => _store.Dispose();

    [Fact]
    public void A_change_whose_process_is_dead_is_finished_and_one_under_way_is_left_alone()
    {
        var dead = ContainerId.Create();
        _store.Engine.Folders.MakeContainer(dead.Text).Dispose();
        File.WriteAllText($"{_store.Run}/ops/{dead}", "");
        File.WriteAllText($"{_store.Run}/ops/junk", "");
        var alive = ContainerId.Create();
        using Operation operation = Operation.Begin(_store.Engine.Folders, alive.Text);

        Assert.Equal(
            [$"operation {dead}: the process that made this change is dead", "operation junk: the process that made this change is dead"],
            _store.Look());
        _store.Repair();

        Assert.Empty(_store.Look());
        Assert.Equal([$"{_store.Run}/ops/{alive}"], Directory.GetFiles($"{_store.Run}/ops"));
        Assert.False(Directory.Exists($"{_store.Root}/containers/{dead}"));
    }

    [Fact]
    public void A_look_is_in_nobody_s_way()
    {
        var id = ContainerId.Create();
        using var done = new CancellationTokenSource();
        var looking = new Thread(() =>
        {
            while (!done.IsCancellationRequested)
            {
                _store.Look();
            }
        });
        looking.Start();
        try
        {
            for (int i = 0; i < 300; i++)
            {
                using Operation? operation = Operation.TryBegin(_store.Engine.Folders, id.Text);
                Assert.NotNull(operation);
            }
        }
        finally
        {
            done.Cancel();
            looking.Join();
        }
    }
}
