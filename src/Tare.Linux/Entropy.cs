// SPDX-License-Identifier: Apache-2.0
using Tare.Linux.Interop;

namespace Tare.Linux;

/// <summary>Random bytes straight from the kernel: no crypto library is loaded for them.</summary>
/// <remarks>man getrandom(2)</remarks>
internal static class Entropy
{
    /// <summary>Fills <paramref name="bytes"/>, which the kernel never cuts short up to 256 bytes.</summary>
    public static unsafe void Fill(Span<byte> bytes)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(bytes.Length, 256);

        // SAFETY: the span is pinned for the call and its length is passed with it
        fixed (byte* start = bytes)
        {
            Libc.Check(Libc.getrandom(start, (nuint)bytes.Length, 0), "getrandom");
        }
    }
}
