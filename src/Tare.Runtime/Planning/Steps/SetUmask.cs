// SPDX-License-Identifier: Apache-2.0
using Tare.Linux.Interop;

namespace Tare.Runtime.Planning.Steps;

/// <summary>Sets the file mode creation mask.</summary>
/// <param name="Mask">permission bits that new files do not get</param>
/// <remarks>Zero while the container is made, so that modes are exact; the process's own right before it runs.</remarks>
internal sealed record SetUmask(uint Mask) : Step
{
    public override string Action => $"set umask {Convert.ToString(Mask, 8).PadLeft(4, '0')}";

    internal override void Lower(Lowering to) => to.Call(SystemCall.umask, Mask);
}
