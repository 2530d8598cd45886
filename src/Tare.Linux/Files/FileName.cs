// SPDX-License-Identifier: Apache-2.0
using Tare.Linux.Interop;

namespace Tare.Linux.Files;

/// <summary>The rule for names given to <see cref="InDirectory"/>: one component, which stays in its directory.</summary>
internal static class FileName
{
    /// <summary>NAME_MAX: bytes in one component.</summary>
    public const int MaxBytes = 255;

    /// <summary>False for the empty name, <c>.</c>, <c>..</c> and anything with a slash or a NUL.</summary>
    public static bool IsValid(ReadOnlySpan<byte> name) =>
        !name.IsEmpty && !name.SequenceEqual("."u8) && !name.SequenceEqual(".."u8) && !name.ContainsAny((byte)'/', (byte)0);

    /// <summary>The name for the kernel; EINVAL when it is not one component.</summary>
    internal static CString Checked(ReadOnlySpan<byte> name) =>
        IsValid(name) ? new CString(name) : throw new LinuxException(Errno.EINVAL, "file name", $"'{CString.Show(name)}'");
}
