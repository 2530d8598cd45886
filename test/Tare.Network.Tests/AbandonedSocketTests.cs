// SPDX-License-Identifier: Apache-2.0
using System.Diagnostics;
using Tare.Linux.Netlink;

namespace Tare.Network.Tests;

[Trait("ring", "kernel")]
public sealed class AbandonedSocketTests
{
    [Fact]
    public void The_kernel_closes_what_was_abandoned() => OwnNetwork.Run(() =>
    {
        int before = Sockets();
        NetlinkSocket socket = NetlinkSocket.OpenFilter();

        // only a socket that was used is in the list
        Assert.False(new StoreFirewall("01234567").Exists(socket));
        Assert.Equal(before + 1, Sockets());

        socket.Abandon();

        var watch = Stopwatch.StartNew();
        while (Sockets() > before && watch.Elapsed < TimeSpan.FromSeconds(20))
        {
            Thread.Sleep(10);
        }

        Assert.Equal(before, Sockets());
    });

    /// <summary>Of this thread's network namespace.</summary>
    private static int Sockets() => File.ReadAllLines("/proc/thread-self/net/netlink").Length;
}
