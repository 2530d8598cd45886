// SPDX-License-Identifier: Apache-2.0
using Tare.Keeper.Elected;
using Tare.Keeper.Names;
using Tare.Keeper.Relay;
using Tare.Linux;
using Tare.Linux.Files;

namespace Tare.Keeper;

/// <summary>What a container has of the network from its keeper: its name server, and ports of the host.</summary>
/// <remarks>Nothing of it exists before it is asked for: most containers need neither.</remarks>
/// <param name="loop">lent</param>
/// <param name="buffer">for messages; nothing stays in it</param>
internal sealed class KeptNetwork(Loop loop, byte[] buffer) : IDisposable
{
    private NameServer? _names;
    private Relays? _relays;
    private Election? _election;

    /// <summary>What it does for the whole store, if it is elected; null: it takes no part.</summary>
    public ElectedOrder? Elected { get; init; }

    /// <summary>The container is on a network: its keeper takes part in the election.</summary>
    public void Begin()
    {
        if (Elected is { } order)
        {
            _election ??= new Election(loop, order, buffer);
            _election.Begin();
        }
    }

    /// <summary>Does what a client's message says.</summary>
    /// <param name="fds">a sealed order, then what it numbers; those that are used are taken out</param>
    public Errno TryApply(List<Fd> fds)
    {
        try
        {
            OrderBytes.Require(fds.Count > 0 && MemoryFile.IsSealed(fds[0]), "serve");
            ServeOrder order = ServeOrderCodec.Decode(fds[0].ReadAll(ServeOrderCodec.MaxBytes));
            List<Fd> given = fds.GetRange(1, fds.Count - 1);
            fds.RemoveRange(1, fds.Count - 1);
            Apply(order, given);
            return Errno.None;
        }
        catch (LinuxException refused)
        {
            return refused.Errno;
        }
        catch (FormatException)
        {
            return Errno.EINVAL;
        }
    }

    /// <summary>From now on this is served, and nothing else.</summary>
    /// <param name="order">the whole wanted state</param>
    /// <param name="given">owned from now on, also when it fails; the sockets that the order numbers</param>
    /// <exception cref="LinuxException">ENOENT: a socket that is not given is not there either, and nothing has
    /// changed; EINVAL: it numbers one that is not given, or one twice, and nothing has changed</exception>
    public void Apply(ServeOrder order, IReadOnlyList<Fd> given)
    {
        Fd?[] left = [.. given];
        try
        {
            Check(order, given.Count);
            Set(order, number => Take(left, number));
            Begin();
        }
        finally
        {
            foreach (Fd? fd in left)
            {
                fd?.Dispose();
            }
        }
    }

    public void Dispose()
    {
        _names?.Dispose();
        _relays?.Dispose();
        _election?.Dispose();
        (_names, _relays, _election) = (null, null, null);
    }

    private static Fd Take(Fd?[] left, int number)
    {
        Fd fd = left[number]!;
        left[number] = null;
        return fd;
    }

    private void Check(ServeOrder order, int count)
    {
        HashSet<string> ids = [];
        HashSet<int> numbers = [];
        IEnumerable<int?> used = order.Relays.Select(relay => relay.Socket).Append(order.Names?.Udp).Append(order.Names?.Tcp);
        bool isSound = used.All(number => number is null || (number >= 0 && number < count && numbers.Add(number.Value)))
            && order.Relays.All(relay => ids.Add(relay.Id));
        bool isThere = (order.Names is null || _names is not null || order.Names is { Udp: not null, Tcp: not null })
            && order.Relays.All(relay => relay.Socket is not null || _relays?.Lacks(relay) == false);
        if (!isSound || !isThere)
        {
            throw new LinuxException(isSound ? Errno.ENOENT : Errno.EINVAL, "serve");
        }
    }

    private void Set(ServeOrder order, Func<int, Fd> take)
    {
        if (order.Names is { } names)
        {
            _names ??= new NameServer(loop);
            Fd? udp = names.Udp is { } number ? take(number) : null;
            Fd? tcp = names.Tcp is { } other ? take(other) : null;
            _names.Set(names, order.Subnets, udp, tcp);
        }
        else
        {
            _names?.Dispose();
            _names = null;
        }

        if (order.Relays.Count > 0)
        {
            _relays ??= new Relays(loop);
            _relays.Set(order.Relays, order.Subnets, take);
        }
        else
        {
            _relays?.Dispose();
            _relays = null;
        }
    }
}
