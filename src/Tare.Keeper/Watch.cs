// SPDX-License-Identifier: Apache-2.0
using Tare.Linux;
using Tare.Linux.Files;

namespace Tare.Keeper;

/// <summary>A descriptor that the loop looks at.</summary>
internal sealed class Watch(
    Epoll epoll, Fd fd, ulong key, Action<EpollEvents> ready, Dictionary<ulong, Watch> watches)
{
    private EpollEvents _wanted;

    /// <summary>None takes the descriptor out of the loop: a hang-up would wake it up for ever otherwise.</summary>
    public EpollEvents Wanted
    {
        get => _wanted;
        set
        {
            if (value == _wanted)
            {
                return;
            }

            if (value == EpollEvents.None)
            {
                epoll.Remove(fd);
            }
            else if (_wanted == EpollEvents.None)
            {
                epoll.Add(fd, value, key);
            }
            else
            {
                epoll.Change(fd, value, key);
            }

            _wanted = value;
        }
    }

    /// <summary>Even when that is refused: whoever lent the descriptor closes it, which takes it out as well.</summary>
    public void Remove()
    {
        watches.Remove(key);
        try
        {
            Wanted = EpollEvents.None;
        }
        catch (LinuxException)
        {
            _wanted = EpollEvents.None;
        }
    }

    internal void Ready(EpollEvents events) => ready(events);
}
