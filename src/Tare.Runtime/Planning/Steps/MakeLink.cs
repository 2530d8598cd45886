// SPDX-License-Identifier: Apache-2.0
using Tare.Linux;
using Tare.Linux.Interop;
using Tare.Linux.Processes;

namespace Tare.Runtime.Planning.Steps;

/// <summary>Makes a symbolic link inside a directory that a step before made or mounted.</summary>
/// <param name="Path">clean path of the link</param>
/// <param name="Target">what it says</param>
internal sealed record MakeLink(string Path, string Target) : Step
{
    public override string Action => $"link {Path} to {Target}";

    internal override void Lower(Lowering to)
    {
        (Slot parent, string name) = to.MakeParents(TargetPath.Relative(Path), TargetPath.Resolve(Path));

        // what the image has there stays: a link that is missing is a convenience
        to.Builder.Call(
            SystemCall.symlinkat, [Arg.Text(Target), parent, Arg.Text(name)], null, Errno.EEXIST);
        to.CloseParent(parent);
    }
}
