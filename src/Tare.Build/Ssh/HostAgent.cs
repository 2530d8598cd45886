// SPDX-License-Identifier: Apache-2.0
using Tare.Build.Steps;

namespace Tare.Build.Ssh;

/// <summary>Where programs of this host meet a <see cref="LentAgent"/>: at its own socket, or at one of ours that is made when the
/// first one asks.</summary>
/// <param name="agent">lent</param>
/// <param name="run">path of the run folder</param>
internal sealed class HostAgent(LentAgent agent, string run) : IDisposable
{
    private readonly Lock _gate = new();
    private LiveFolder? _folder;
    private AgentSocket? _socket;

    /// <summary>For SSH_AUTH_SOCK.</summary>
    public string Socket()
    {
        if (agent.Socket is { } real)
        {
            return real;
        }

        lock (_gate)
        {
            _folder ??= LiveFolder.Make(run);
            _socket ??= AgentSocket.Listen(agent, _folder.Fd);
            return _socket.ShortPath;
        }
    }

    public void Dispose()
    {
        _socket?.Dispose();
        _folder?.Dispose();
    }
}
