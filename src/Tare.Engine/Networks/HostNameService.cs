// SPDX-License-Identifier: Apache-2.0
using Tare.Engine.State;
using Tare.Keeper.Elected;
using Tare.Linux;
using Tare.Linux.Files;

namespace Tare.Engine.Networks;

/// <summary>Where the host asks for the names of a store's containers.</summary>
/// <param name="Address">of the loopback network</param>
/// <param name="Port">as it is now, or as it will be if nobody else takes it before</param>
/// <param name="Keeper">pid of the keeper that answers; null: nobody does, for no container is on a network</param>
internal sealed record HostNameService(string Address, int Port, int? Keeper)
{
    private const int UsualPort = 53;

    /// <summary>As it is now.</summary>
    public static HostNameService Look(EngineFolders folders)
    {
        string address = HostNameAddress.Of(folders);
        using Fd? run = HostPath.TryOpen(folders.Run, OpenFlags.ReadOnly | OpenFlags.Directory);
        return run is not null && ElectedState.TryRead(run) is { IsAlive: true, State: { NamePort: > 0 } state }
            ? new(address, state.NamePort, state.Keeper.Pid)
            : new(address, UsualPort, null);
    }
}
