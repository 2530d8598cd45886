// SPDX-License-Identifier: Apache-2.0
using Tare.Oci;

namespace Tare.Engine.Check;

/// <summary>What <c>system check</c> found.</summary>
/// <param name="Findings">what does not belong, or after a repair what is still so</param>
/// <param name="Removed">what a repair put right</param>
/// <param name="Bytes">null when they were not counted</param>
/// <param name="Containers">how many there are</param>
/// <param name="Running">how many of them run</param>
/// <param name="Images">how many there are</param>
internal sealed record CheckReport(
    IReadOnlyList<Finding> Findings,
    IReadOnlyList<Finding> Removed,
    ByteCount? Bytes,
    int Containers,
    int Running,
    int Images);
