// SPDX-License-Identifier: Apache-2.0
using System.Text;
using Tare.Engine.Containers;
using Tare.Engine.State;
using Tare.Keeper;
using Tare.Linux;
using Tare.Linux.Files;
using Tare.Oci;

namespace Tare.Engine.Check;

/// <summary>Every socket in the run folder has a keeper that listens on it.</summary>
internal sealed class SocketLeftovers(TareEngine engine) : IConcern
{
    private const int MaxNames = 1 << 20;

    public string Name => "sockets";

    public IEnumerable<Finding> Look(Inventory now) => engine.Folders.Live.SortedNames(MaxNames)
        .Select(Encoding.UTF8.GetString)
        .Where(name => ContainerId.TryParse(name, out ContainerId id)
            && !now.IsOwned(id) && now.Rows.ContainsKey(id) && !now.States.Unsettled.Contains(id) && IsDeaf(name))
        .Select(static name => new Finding("socket", name, "nobody listens on its control socket", Repairable: true));

    public void Repair(IReadOnlyList<Finding> findings)
    {
        foreach (Finding finding in findings)
        {
            using Operation? operation = Operation.TryBegin(engine.Folders, finding.Subject);
            using Fd? live = operation is null ? null : engine.Folders.TryOpenLive(finding.Subject);
            if (live is not null && IsDeaf(finding.Subject))
            {
                live.TryUnlink(Protocol.SocketName);
            }

            operation?.Complete();
        }
    }

    private bool IsDeaf(string id)
    {
        using Fd? live = engine.Folders.TryOpenLive(id);
        if (live?.TryStatus(Protocol.SocketName) is not { Kind: FileKind.Socket })
        {
            return false;
        }

        using Fd? connected = UnixSocket.TryConnect(live, Protocol.SocketName, SocketKind.Stream);
        return connected is null;
    }
}
