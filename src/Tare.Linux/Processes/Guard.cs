// SPDX-License-Identifier: Apache-2.0
namespace Tare.Linux.Processes;

/// <summary>A condition on an earlier result: calls recorded under it are skipped when it does not hold.</summary>
internal readonly record struct Guard(Slot Slot, bool WantsFailure);
