// SPDX-License-Identifier: Apache-2.0
using System.Buffers.Binary;
using Tare.Linux.Interop;
using Tare.Linux.Processes;
using static Tare.Linux.Processes.ProgramConstants;

namespace Tare.Runtime.Planning.Steps;

/// <summary>Becomes the user, group and supplementary groups of the process.</summary>
/// <param name="Uid">all of real, effective and saved</param>
/// <param name="Gid">all of real, effective and saved</param>
/// <param name="Groups">exactly these: the starter's own never stay</param>
/// <param name="Kept">
/// capabilities that stay permitted and effective for the steps that follow, although the user is not root; 0 when
/// none are needed
/// </param>
internal sealed record BecomeUser(uint Uid, uint Gid, IReadOnlyList<uint> Groups, ulong Kept) : Step
{
    public override string Action => $"become user {Uid}:{Gid}";

    public override string Details => Groups.Count == 0 ? "" : $"groups {string.Join(',', Groups)}";

    internal override void Lower(Lowering to)
    {
        byte[] groups = new byte[4 * Groups.Count];
        for (int i = 0; i < Groups.Count; i++)
        {
            BinaryPrimitives.WriteUInt32LittleEndian(groups.AsSpan(4 * i), Groups[i]);
        }

        if (Kept != 0)
        {
            to.Call(SystemCall.prctl, PR_SET_KEEPCAPS, 1, 0, 0, 0);
        }

        to.Call(SystemCall.setgroups, Groups.Count, Groups.Count == 0 ? Arg.Null : Arg.Bytes(groups));
        to.Call(SystemCall.setresgid, Gid, Gid, Gid);
        to.Call(SystemCall.setresuid, Uid, Uid, Uid);
        if (Kept != 0)
        {
            SetCapabilities.Capset(to, Kept, Kept, 0);
        }
    }
}
