// SPDX-License-Identifier: Apache-2.0
namespace Tare.Linux.Seccomp;

/// <summary>Which system calls a container may make; <see cref="SeccompCompiler"/> makes the kernel's program of it.</summary>
/// <param name="Default">for calls that no rule decides</param>
/// <param name="Architectures">a process that enters the kernel by another one gets <see cref="Foreign"/></param>
/// <param name="Rules">
/// in order: the first unconditional rule for a call decides it; without one, the first whose conditions hold
/// </param>
/// <remarks>runtime-spec config-linux.md#seccomp</remarks>
internal sealed record SeccompFilter(
    SeccompVerdict Default, IReadOnlyList<SeccompArchitecture> Architectures, IReadOnlyList<SeccompRule> Rules)
{
    /// <summary>
    /// For numbers above the newest call that the filter knows (rules and <see cref="Known"/>), or null: Default.
    /// ENOSYS lets a C library that tries a new call fall back to the older one. Counts only where Default denies.
    /// </summary>
    internal SeccompVerdict? Newer
    {
        get => Default.IsPermissive ? null : field;
        init;
    } = SeccompVerdict.Fail(Errno.ENOSYS);

    /// <summary>Calls that the profile knows beyond those in the rules, so that they count as denied and not as newer.</summary>
    internal IReadOnlyList<string> Known { get; init; } = [];

    /// <summary>For architectures that are not listed.</summary>
    internal SeccompVerdict Foreign { get; init; } = SeccompVerdict.KillProcess;

    /// <summary>For the call that installs the program; they change nothing in it.</summary>
    internal SeccompFlags Flags { get; init; }
}
