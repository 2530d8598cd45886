// SPDX-License-Identifier: Apache-2.0
using Tare.Engine.Check;
using Tare.Engine.Containers;
using Tare.Linux;
using Tare.Linux.Files;

namespace Tare.Engine.Tests.Check;

public sealed class SocketLeftoversTests : IDisposable
{
    private readonly Checked _store = new(static engine => new SocketLeftovers(engine));

    public void Dispose() => _store.Dispose();

    [Fact]
    public void A_socket_without_a_listener_is_removed()
    {
        ContainerRow row = _store.Insert("one");
        using Fd live = _store.Engine.Folders.MakeLive(row.Id.Text);
        using (Fd listener = UnixSocket.Listen(live, "ctl"u8, SocketKind.Stream))
        {
            Assert.Empty(_store.Look());
        }

        Assert.Equal([$"socket {row.Id}: nobody listens on its control socket"], _store.Look());
        _store.Repair();

        Assert.Empty(_store.Look());
        Assert.Null(live.TryStatus("ctl"u8));
    }
}
