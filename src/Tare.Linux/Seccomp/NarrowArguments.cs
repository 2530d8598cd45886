// SPDX-License-Identifier: Apache-2.0
namespace Tare.Linux.Seccomp;

/// <summary>Arguments that the kernel declares int or unsigned int and therefore cuts to 32 bits.</summary>
/// <remarks>Only those that profiles are known to compare; include/linux/syscalls.h has the types.</remarks>
internal static class NarrowArguments
{
    /// <summary>One bit per argument, the first lowest; 0 for calls that are not listed.</summary>
    internal static int Of(ReadOnlySpan<byte> name) => name switch
    {
        _ when name.SequenceEqual("socket"u8) || name.SequenceEqual("socketpair"u8) => 0b111,
        _ when name.SequenceEqual("personality"u8) => 0b1,
        _ when name.SequenceEqual("ioctl"u8) || name.SequenceEqual("fcntl"u8) => 0b11,
        _ when name.SequenceEqual("prctl"u8) || name.SequenceEqual("bpf"u8) => 0b1,
        _ when name.SequenceEqual("setns"u8) || name.SequenceEqual("kill"u8) => 0b11,
        _ when name.SequenceEqual("seccomp"u8) => 0b11,
        _ when name.SequenceEqual("setsockopt"u8) || name.SequenceEqual("getsockopt"u8) => 0b111,
        _ when name.SequenceEqual("socketcall"u8) || name.SequenceEqual("ipc"u8) => 0b1,
        _ when name.SequenceEqual("open"u8) => 0b10,
        _ when name.SequenceEqual("openat"u8) => 0b101,
        _ => 0,
    };
}
