// SPDX-License-Identifier: Apache-2.0
using Tare.Linux.Interop;
using static Tare.Linux.Processes.ProgramConstants;

namespace Tare.Runtime.Planning.Steps;

/// <summary>Finds the host's directory in which the container's root file system is attached for programs of the host's to see.</summary>
/// <param name="Path">absolute path of the host, of the caller's own choice</param>
/// <remarks>While the process still has the starter's user: a mapped one may not be able to go there.</remarks>
internal sealed record FindPlace(string Path) : Step
{
    public override string Action => $"find {Path}";

    internal override void Lower(Lowering to) =>
        to.Place = to.Get(SystemCall.openat, AT_FDCWD, Linux.Processes.Arg.Text(Path), O_PATH | O_DIRECTORY | O_CLOEXEC);
}
