// SPDX-License-Identifier: Apache-2.0
using Tare.Linux.Processes;

namespace Tare.Runtime.Planning.Steps;

/// <summary>Shows the container's terminal as /dev/console.</summary>
/// <remarks>Copied by its own descriptor: a path like /dev/pts/0 could lead elsewhere (CVE-2025-52565).</remarks>
internal sealed record BindConsole : Step
{
    private const string Console = "/dev/console";

    public override string Action => $"bind the terminal on {Console}";

    internal override void Lower(Lowering to)
    {
        Slot target = to.MountPoint(Console, isDirectory: false);
        Slot terminal = to.CloneTree(to.Builder.Given((int)GivenKind.Stdin), "");
        to.MoveMount(terminal, target);
        to.Close(terminal, target);
    }
}
