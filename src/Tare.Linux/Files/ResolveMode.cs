// SPDX-License-Identifier: Apache-2.0
namespace Tare.Linux.Files;

/// <summary>How <see cref="Root"/> walks a path. Magic links (/proc/*/fd) are refused in every mode.</summary>
/// <remarks>man openat2(2). <see cref="InRoot"/> and <see cref="Beneath"/> exclude each other.</remarks>
[Flags]
internal enum ResolveMode
{
    /// <summary>A mount point on the way is EXDEV.</summary>
    NoMounts = 0x01,

    /// <summary>A symbolic link anywhere on the way is ELOOP.</summary>
    NoSymlinks = 0x04,

    /// <summary>Leaving the directory, or an absolute path or link, is EXDEV.</summary>
    Beneath = 0x08,

    /// <summary>The directory is <c>/</c>: absolute links start there and <c>..</c> stops there.</summary>
    InRoot = 0x10,
}
