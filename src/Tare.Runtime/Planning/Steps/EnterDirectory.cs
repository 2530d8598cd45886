// SPDX-License-Identifier: Apache-2.0
using Tare.Linux.Interop;
using Tare.Linux.Processes;
using static Tare.Linux.Processes.ProgramConstants;

namespace Tare.Runtime.Planning.Steps;

/// <summary>Goes to the working directory.</summary>
/// <param name="Path">clean path inside the container</param>
/// <remarks>
/// Resolved inside the root and never through a magic link, so that /proc/self/fd/7 cannot lead out (CVE-2024-21626).
/// </remarks>
internal sealed record EnterDirectory(string Path) : Step
{
    public override string Action => $"change to the working directory {Path}";

    internal override void Lower(Lowering to)
    {
        Slot directory = to.Open(
            to.Root,
            Arg.Text(TargetPath.Relative(Path)),
            O_PATH | O_DIRECTORY,
            RESOLVE_IN_ROOT | RESOLVE_NO_MAGICLINKS);
        to.Call(SystemCall.fchdir, directory);
    }
}
