// SPDX-License-Identifier: Apache-2.0
using Tare.Engine.Containers;

namespace Tare.Engine.Check;

/// <summary>A container that has processes.</summary>
/// <param name="Id">which</param>
/// <param name="Pid">of its first process</param>
/// <param name="IsKept">its keeper lives</param>
internal sealed record RunningContainer(ContainerId Id, int Pid, bool IsKept);
