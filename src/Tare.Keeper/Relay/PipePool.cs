// SPDX-License-Identifier: Apache-2.0
using Tare.Linux.Sockets;

namespace Tare.Keeper.Relay;

/// <summary>Pipes for connections that have bytes on their way: one that is silent has none.</summary>
internal sealed class PipePool : IDisposable
{
    private const int Kept = 4;

    private readonly Stack<SplicePipe> _free = new();

    /// <summary>An empty one; give it back.</summary>
    /// <exception cref="Tare.Linux.LinuxException">EMFILE, ENFILE</exception>
    public SplicePipe Take()
    {
        if (_free.TryPop(out SplicePipe? pipe))
        {
            return pipe;
        }

        using OpenFileRoom room = new();
        return new SplicePipe();
    }

    /// <summary>One with bytes in it is closed.</summary>
    public void Return(SplicePipe pipe)
    {
        if (pipe.Held > 0 || _free.Count >= Kept)
        {
            pipe.Dispose();
        }
        else
        {
            _free.Push(pipe);
        }
    }

    /// <summary>Nothing is on its way.</summary>
    public void Dispose()
    {
        while (_free.TryPop(out SplicePipe? pipe))
        {
            pipe.Dispose();
        }
    }
}
