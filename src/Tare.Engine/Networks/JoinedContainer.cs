// SPDX-License-Identifier: Apache-2.0
using Tare.Engine.Containers;
using Tare.Engine.State;
using Tare.Linux;
using Tare.Linux.Files;
using Tare.Oci;

namespace Tare.Engine.Networks;

/// <summary>A running container whose network another one joins, and with that its user namespace, whose the network is.</summary>
/// <param name="Id">of it</param>
/// <param name="Pid">its first process</param>
/// <param name="FirstUser">what its root is on the host; 0: it is in the host's user namespace</param>
/// <param name="Hostname">its own</param>
internal sealed record JoinedContainer(ContainerId Id, int Pid, uint FirstUser, string Hostname)
{
    private const uint OwnerOnly = 0b110_000_000;

    /// <summary>The mode with the whole id, so that it means the same container for ever.</summary>
    /// <exception cref="TareException">NotFound</exception>
    public static string Settle(TareEngine engine, string mode) => new NetworkChoice(mode, []).Joined is { } name
        ? NetworkChoice.ContainerPrefix + Row(engine, name).Id.Text
        : mode;

    /// <summary>Null: no container's network is joined.</summary>
    /// <exception cref="TareException">NotFound; Conflict: it does not run</exception>
    public static JoinedContainer? Of(TareEngine engine, RunRequest request)
    {
        if (NetworkChoice.Of(request).Joined is not { } name)
        {
            return null;
        }

        ContainerRow row = Row(engine, name);
        ContainerStatus status = StatusReader.Read(engine, row);
        return status.IsLive
            ? new(row.Id, status.Pid, status.FirstUser, ContainerJson.ReadRecord(row).Config.Hostname)
            : throw new TareException(
                ErrorKind.Conflict, $"cannot join network of a non running container: {row.Id.Text}", $"tare start {row.Name}");
    }

    /// <summary>Path of its network namespace.</summary>
    public string NetworkPath => $"/proc/{Pid}/ns/net";

    /// <summary>Path of its user namespace.</summary>
    public string UsersPath => $"/proc/{Pid}/ns/user";

    /// <summary>A spec joins this run of it, not an earlier one.</summary>
    public bool IsIn(Oci.Runtime.Spec spec) => spec.Linux?.Namespaces?.Any(space => space.Path == NetworkPath) == true;

    private static ReadOnlySpan<byte> MarkName => "network-shared"u8;

    /// <summary>Its end is not the end of its network namespace any more.</summary>
    /// <exception cref="TareException">Conflict: it has ended meanwhile</exception>
    public void Mark(EngineFolders folders)
    {
        using Fd live = folders.TryOpenLive(Id.Text)
            ?? throw new TareException(ErrorKind.Conflict, $"cannot join network of a non running container: {Id.Text}");
        live.Open(MarkName, OpenFlags.WriteOnly | OpenFlags.Create, OwnerOnly).Dispose();
    }

    /// <summary>Somebody has joined the network of this container.</summary>
    /// <param name="live">its run folder, lent</param>
    public static bool IsShared(Fd live) => live.TryStatus(MarkName) is not null;

    private static ContainerRow Row(TareEngine engine, string name) => engine.Containers.Find(name)
        ?? throw new TareException(ErrorKind.NotFound, $"No such container: {name}");
}
