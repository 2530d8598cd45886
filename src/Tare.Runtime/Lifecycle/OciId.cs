// SPDX-License-Identifier: Apache-2.0
using System.Buffers;
using Tare.Oci;

namespace Tare.Runtime.Lifecycle;

/// <summary>Ids of containers as their callers choose them: names of folders.</summary>
internal static class OciId
{
    private const int MaxLength = 255;

    private static readonly SearchValues<char> Allowed =
        SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_+-.");

    /// <exception cref="TareException">InvalidArgument</exception>
    public static void Check(string id)
    {
        if (id.Length is 0 or > MaxLength || id is "." or ".." || id.AsSpan().ContainsAnyExcept(Allowed))
        {
            throw new TareException(
                ErrorKind.InvalidArgument,
                $"invalid container ID {Quoted.Text(id)}",
                $"1 to {MaxLength} letters, digits and _ + - .");
        }
    }
}
