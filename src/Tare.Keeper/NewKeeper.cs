// SPDX-License-Identifier: Apache-2.0
using Tare.Linux;
using Tare.Linux.Processes;

namespace Tare.Keeper;

/// <summary>A keeper that waits for its order; disposing it before sends it home.</summary>
internal sealed class NewKeeper : IDisposable
{
    private Fd? _socket;
    private Spawned? _process;

    internal NewKeeper(Fd socket, Spawned process)
    {
        _socket = socket;
        _process = process;
    }

    /// <summary>The process; null once it has its order.</summary>
    internal Spawned? Process => _process;

    /// <summary>Has the container started; returns at once, <see cref="KeeperSession.WaitStarted"/> waits. Once.</summary>
    /// <param name="order">what it does</param>
    /// <param name="runFolder">lent; mode 0700; gets the socket and the records</param>
    /// <param name="storeFolder">lent; the container's folder in the store, where its log is</param>
    /// <param name="given">lent descriptors of the launch program, from <see cref="StandardGiven.First"/> on; the keeper
    /// holds its duplicates until the container has ended</param>
    public KeeperSession Start(KeeperOrder order, Fd runFolder, Fd storeFolder, IReadOnlyList<Fd> given)
    {
        ObjectDisposedException.ThrowIf(_socket is null, this);
        OrderMessage.Send(_socket, order, runFolder, storeFolder, given);
        var session = new KeeperSession(_socket, _process);
        _socket = null;
        _process = null;
        return session;
    }

    public void Dispose()
    {
        _socket?.Dispose();
        _process?.Dispose();
    }
}
