// SPDX-License-Identifier: Apache-2.0
namespace Tare.Oci.Runtime;

/// <summary>What happens to some system calls when all conditions on their arguments hold.</summary>
/// <param name="Names">system calls; a name that the architecture does not have is ignored</param>
/// <param name="Action">what happens</param>
/// <remarks>runtime-spec v1.3 config-linux.md#seccomp</remarks>
internal sealed record SyscallRule(IReadOnlyList<string> Names, SeccompAction Action)
{
    /// <summary>Errno of the action, or null for EPERM.</summary>
    public uint? ErrnoRet { get; init; }

    /// <summary>Conditions, all of which must hold.</summary>
    public IReadOnlyList<SyscallArgument>? Args { get; init; }
}
