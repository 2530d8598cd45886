// SPDX-License-Identifier: Apache-2.0
using Tare.Linux;
using Tare.Linux.Interop;
using Tare.Linux.Processes;

namespace Tare.Runtime.Planning.Steps;

/// <summary>Raises a hard limit while the process may, so that <see cref="SetRlimit"/> finds it high enough later.</summary>
/// <param name="Limit">what is set later</param>
/// <remarks>
/// In a user namespace nobody raises one. That of descriptors stays high enough for the steps in between; a host that
/// refuses (EPERM) refuses to raise, and then the later step says what is missing.
/// </remarks>
internal sealed record AllowRlimit(SetRlimit Limit) : Step
{
    private const ulong EnoughDescriptors = 1024;

    public override string Action => $"allow to {Limit}";

    internal override void Lower(Lowering to)
    {
        const string Descriptors = "RLIMIT_NOFILE";
        ulong value = Limit.Name == Descriptors ? Math.Max(Limit.Hard, EnoughDescriptors) : Limit.Hard;
        to.Try(
            SystemCall.prlimit64, [0, Limit.Resource, Arg.Block(Field.U64(value), Field.U64(value)), Arg.Null], Errno.EPERM);
    }
}
