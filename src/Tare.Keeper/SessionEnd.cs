// SPDX-License-Identifier: Apache-2.0
namespace Tare.Keeper;

/// <summary>How an attached session ended: with the container, by detaching, or because the keeper vanished.</summary>
/// <param name="Exit">of the container; null in the other two cases</param>
/// <param name="Detached">the user left, the process runs on</param>
/// <param name="Broken">nobody reads our output any more, and so we left; the process runs on</param>
internal readonly record struct SessionEnd(ExitReport? Exit, bool Detached, bool Broken = false);
