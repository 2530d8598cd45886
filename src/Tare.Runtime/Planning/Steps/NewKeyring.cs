// SPDX-License-Identifier: Apache-2.0
using Tare.Linux;
using Tare.Linux.Interop;
using static Tare.Linux.Processes.ProgramConstants;

namespace Tare.Runtime.Planning.Steps;

/// <summary>Takes a session keyring of its own, so that the starter's keys are out of reach.</summary>
/// <remarks>
/// man session-keyring(7). A kernel without keyrings, an outer filter that forbids them and a user whose quota of keys
/// is used up are no reason not to start: docker and runc go on as well.
/// </remarks>
internal sealed record NewKeyring : Step
{
    public override string Action => "take a new session keyring";

    internal override void Lower(Lowering to) => to.Builder.Call(
        SystemCall.keyctl,
        [KEYCTL_JOIN_SESSION_KEYRING, 0],
        null,
        Errno.ENOSYS,
        Errno.EPERM,
        Errno.EDQUOT);
}
