// SPDX-License-Identifier: Apache-2.0
using Tare.Engine.State;
using Tare.Linux.Files;
using Tare.Oci;

namespace Tare.Engine.Check;

/// <summary>Every range of ids that this store has claimed from the host belongs to a container that runs or is being started.</summary>
internal sealed class IdLeftovers(TareEngine engine) : IConcern
{
    private const string Kind = "ids";

    public string Name => "ranges of ids";

    public IEnumerable<Finding> Look(Inventory now) => IdClaims.Of(engine.Folders)
        .Where(claim => !now.IsOwned(claim.Container) && !HasFolder(claim.Container))
        .Select(static claim => new Finding(Kind, claim.Range, $"claimed by {claim.Container}, which does not run", Repairable: true));

    public void Repair(IReadOnlyList<Finding> findings)
    {
        foreach (Finding finding in findings)
        {
            IdClaims.RemoveStale(finding.Subject);
        }
    }

    /// <summary>Then the claim goes with that, which is a concern of its own.</summary>
    private bool HasFolder(string container) => HostPath.TryStatus(engine.Folders.LivePath(container)) is not null;
}
