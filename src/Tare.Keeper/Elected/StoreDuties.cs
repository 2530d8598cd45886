// SPDX-License-Identifier: Apache-2.0
using System.Text;
using Tare.Keeper.Names;
using Tare.Linux;
using Tare.Linux.Files;
using Tare.Linux.Netlink;
using Tare.Linux.Netlink.Filter;

namespace Tare.Keeper.Elected;

/// <summary>What the elected keeper does: it sees that the host's part of the networks stays there, and answers the host for names.</summary>
internal sealed class StoreDuties : IDisposable
{
    private readonly FilterNews _news;
    private readonly byte[] _buffer;
    private readonly Restoration _restoration;
    private readonly List<(NetworkNews News, Watch Watch)> _heard = [];
    private readonly HostNameServer _names;

    /// <summary>Begins by making sure that all is there: nobody may have looked for a while.</summary>
    /// <param name="loop">lent</param>
    /// <param name="order">for whom</param>
    /// <param name="buffer">for messages; nothing stays in it</param>
    public StoreDuties(Loop loop, ElectedOrder order, byte[] buffer)
    {
        _buffer = buffer;
        _news = new FilterNews(Encoding.UTF8.GetBytes(order.Table), OwnProgram.Name.ToArray());
        _restoration = new Restoration(loop, order.Restore);
        _names = new HostNameServer(loop, order.Run, order.NameAddress);
        Hear(loop, NetworkNews.OfFilter, HearFilter);
        Hear(loop, NetworkNews.OfLostDevices, HearDevices);
        _restoration.Want();
    }

    /// <summary>Where names are asked for; 0: nowhere, all ports are somebody else's.</summary>
    public int NamePort => _names.Port;

    public void Dispose()
    {
        foreach ((NetworkNews news, Watch watch) in _heard)
        {
            watch.Remove();
            news.Dispose();
        }

        _names.Dispose();
        _restoration.Dispose();
    }

    /// <summary>A host that has no such thing does not lose it either.</summary>
    private void Hear(Loop loop, Func<NetworkNews> open, Action<NetworkNews> hear)
    {
        try
        {
            NetworkNews news = open();
            Watch watch = loop.Watch(news.Socket, _ => hear(news));
            _heard.Add((news, watch));
            watch.Wanted = EpollEvents.Readable;
        }
        catch (LinuxException)
        {
            // then each start of a container sees to it, as it does in any case
        }
    }

    private void HearFilter(NetworkNews news)
    {
        bool isLost = false;
        while (news.TryTake(_buffer, out int bytes))
        {
            // of what was not heard anything may be true
            isLost |= bytes == 0 || _news.Take(_buffer.AsSpan(0, bytes));
        }

        Restore(isLost);
    }

    private void HearDevices(NetworkNews news)
    {
        bool isLost = false;
        while (news.TryTake(_buffer, out int bytes))
        {
            isLost |= bytes == 0 || DeviceNews.LostBridge(_buffer.AsSpan(0, bytes));
        }

        Restore(isLost);
    }

    private void Restore(bool isLost)
    {
        if (isLost)
        {
            _restoration.Want();
        }
    }
}
