// SPDX-License-Identifier: Apache-2.0
using Tare.Engine.Containers;
using Tare.Oci;

namespace Tare.Engine.Tests.Containers;

public sealed class ContainerTableTests : IDisposable
{
    private readonly TemporaryEngine _temporary = new();

    private ContainerTable Table => _temporary.Engine.Containers;

    [Fact]
    public void A_container_is_found_by_name_id_and_the_beginning_of_its_id()
    {
        ContainerRow row = Table.Insert(NewRow(), "web");

        Assert.Equal(row.Id, Table.Find("web")!.Id);
        Assert.Equal(row.Id, Table.Find("/web")!.Id);
        Assert.Equal(row.Id, Table.Find(row.Id.Text)!.Id);
        Assert.Equal(row.Id, Table.Find(row.Id.Short)!.Id);
        Assert.Null(Table.Find("nobody"));
    }

    [Fact]
    public void A_name_is_taken_once_and_free_again_after_the_removal()
    {
        ContainerRow first = Table.Insert(NewRow(), "web");

        TareException taken = Assert.Throws<TareException>(() => Table.Insert(NewRow(), "web"));
        Assert.Equal(ErrorKind.AlreadyExists, taken.Kind);
        Assert.True(Table.Delete(first.Id, durable: false));
        Assert.False(Table.Delete(first.Id, durable: false));
        Assert.Equal("web", Table.Insert(NewRow(), "web").Name);
    }

    [Fact]
    public void An_unnamed_container_gets_a_name()
    {
        ContainerRow row = Table.Insert(NewRow(), null);

        Assert.Equal(row.Name, ContainerName.Parse(row.Name));
    }

    [Fact]
    public void An_outcome_lasts_over_a_new_process()
    {
        ContainerRow row = Table.Insert(NewRow(), "web");
        DateTimeOffset then = DateTimeOffset.UnixEpoch.AddSeconds(5);
        Table.Settle(row.Id, ContainerJson.Write(new ContainerOutcome(3, then, then, true, "")), durable: true);

        ContainerRow again = _temporary.Reopen().Containers.Find("web")!;

        Assert.Equal(new ContainerOutcome(3, then, then, true, ""), ContainerJson.ReadOutcome(again));
    }

    [Fact]
    public void Twenty_processes_that_want_one_name_leave_one_winner()
    {
        int won = 0;
        Parallel.For(0, 20, _ =>
        {
            using TareEngine engine = TareEngine.Open(_temporary.Root, _temporary.Run);
            try
            {
                engine.Containers.Insert(NewRow(), "one");
                Interlocked.Increment(ref won);
            }
            catch (TareException lost) when (lost.Kind == ErrorKind.AlreadyExists)
            {
            }
        });

        Assert.Equal(1, won);
    }

    public void Dispose() => _temporary.Dispose();

    private static ContainerRow NewRow() =>
        new(ContainerId.Create(), "", "busybox", "sha256:0", DateTimeOffset.UnixEpoch, false, "{}"u8.ToArray(), null, null);
}
