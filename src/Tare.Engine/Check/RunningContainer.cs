// SPDX-License-Identifier: Apache-2.0
using Tare.Engine.Containers;

namespace Tare.Engine.Check;

/// <summary>A container that runs now.</summary>
/// <param name="Id">which</param>
/// <param name="Pid">its first process on the host; 0 while its keeper lives and has none</param>
internal sealed record RunningContainer(ContainerId Id, int Pid);
