// SPDX-License-Identifier: Apache-2.0
namespace Tare.Oci.Runtime;

/// <summary>A filter of system calls.</summary>
/// <param name="DefaultAction">what happens to a call that no rule matches</param>
/// <remarks>runtime-spec v1.3 config-linux.md#seccomp</remarks>
internal sealed record SeccompSpec(SeccompAction DefaultAction)
{
    /// <summary>Errno of the default action, or null for EPERM.</summary>
    public uint? DefaultErrnoRet { get; init; }

    /// <summary>Names as of libseccomp, such as <c>SCMP_ARCH_X86_64</c>; null is the host's own.</summary>
    public IReadOnlyList<string>? Architectures { get; init; }

    /// <summary>Names as in C, such as <c>SECCOMP_FILTER_FLAG_LOG</c>.</summary>
    public IReadOnlyList<string>? Flags { get; init; }

    /// <summary>Socket that gets the notification descriptor, or null.</summary>
    public string? ListenerPath { get; init; }

    /// <summary>Text sent beside that descriptor, or null.</summary>
    public string? ListenerMetadata { get; init; }

    /// <summary>The rules.</summary>
    public IReadOnlyList<SyscallRule>? Syscalls { get; init; }
}
