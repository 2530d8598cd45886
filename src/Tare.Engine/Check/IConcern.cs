// SPDX-License-Identifier: Apache-2.0
using Tare.Oci;

namespace Tare.Engine.Check;

/// <summary>One kind of thing that <c>system check</c> looks after.</summary>
internal interface IConcern
{
    /// <summary>What it is called when it cannot be looked at: <c>cgroups</c>, <c>mounts</c> …</summary>
    string Name { get; }

    /// <summary>Names what does not belong; changes nothing.</summary>
    IEnumerable<Finding> Look(Inventory now);

    /// <summary>Looks again at each finding under the lock that protects it, and removes what is still wrong.</summary>
    void Repair(IReadOnlyList<Finding> findings);
}
