// SPDX-License-Identifier: Apache-2.0
using Tare.Linux;
using Tare.Linux.Interop;
using Tare.Linux.Processes;
using static Tare.Linux.Processes.ProgramConstants;

namespace Tare.Runtime.Planning.Steps;

/// <summary>Looks whether there is a program to execute, so that a container that cannot start is not created.</summary>
/// <param name="Name">as it was asked for</param>
/// <param name="Candidates">paths to try in order</param>
/// <remarks>man faccessat2(2); with the rights that the program will have.</remarks>
internal sealed record FindProgram(string Name, IReadOnlyList<string> Candidates) : Step
{
    private const int X_OK = 1;
    private const int AT_EACCESS = 0x200;

    public override string Action => $"find \"{Name}\"";

    internal override void Lower(Lowering to)
    {
        // each looks only when the one before it failed; one that did not look counts as one that found
        Slot? before = null;
        for (int i = 0; i < Candidates.Count; i++)
        {
            Arg path = Arg.Text(Candidates[i]);
            bool isLast = i == Candidates.Count - 1;
            Slot found = to.Builder.NewSlot();
            to.Builder.When = before?.Failed;
            to.Builder.Call(
                SystemCall.faccessat2,
                [AT_FDCWD, path, X_OK, AT_EACCESS],
                found,
                isLast ? [] : [Errno.ENOENT, Errno.ENOTDIR, Errno.EACCES]);
            before = found;
        }

        to.Builder.When = null;
    }
}
