// SPDX-License-Identifier: Apache-2.0
using System.Diagnostics.CodeAnalysis;
using Tare.Oci;

namespace Tare.Images.Layers;

/// <summary>The errors of the tar reader and of the layer writer, made in one place.</summary>
internal static class TarError
{
    public static TareException Corrupt(string message) => new(ErrorKind.Corrupt, message);

    /// <summary>A named bound is passed.</summary>
    public static TareException TooMuch(string message) => new(ErrorKind.ResourceExhausted, message);

    /// <summary>Bytes end where more must follow.</summary>
    [DoesNotReturn]
    public static void ThrowTruncated(long position, string where) =>
        throw Corrupt($"tar ends at byte {position} inside {where}");
}
