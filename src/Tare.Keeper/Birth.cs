// SPDX-License-Identifier: Apache-2.0
using Tare.Linux;
using Tare.Linux.Processes;

namespace Tare.Keeper;

/// <summary>Where a process is born, and what it is given on its way; all lent.</summary>
/// <param name="Given">what its launch program is given beside its streams</param>
/// <param name="Cgroup">directory of the unified hierarchy, or null</param>
/// <param name="Inside">a process whose pid namespace it is born in, or null: the keeper's</param>
internal sealed record Birth(IReadOnlyList<Fd> Given, Fd? Cgroup, Pidfd? Inside);
