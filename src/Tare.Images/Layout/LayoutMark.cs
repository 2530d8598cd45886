// SPDX-License-Identifier: Apache-2.0
using System.Text.Json;
using Tare.Oci;

namespace Tare.Images.Layout;

/// <summary>The file <c>oci-layout</c>, which says that a directory is a layout and of which version.</summary>
/// <remarks>image-spec image-layout.md#oci-layout-file</remarks>
internal static class LayoutMark
{
    private const string Version = "1.0.0";

    public static ReadOnlySpan<byte> Bytes => "{\"imageLayoutVersion\":\"1.0.0\"}"u8;

    /// <exception cref="TareException">Corrupt when malformed, NotSupported for another version</exception>
    public static void Check(byte[] mark)
    {
        string? version = null;
        try
        {
            using JsonDocument document = JsonDocument.Parse(mark);
            version = document.RootElement.GetProperty("imageLayoutVersion").GetString();
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or KeyNotFoundException)
        {
            throw new TareException(ErrorKind.Corrupt, "oci-layout is malformed", inner: e);
        }
        if (version != Version)
        {
            throw new TareException(ErrorKind.NotSupported, $"oci-layout: version {Quoted.Text(version)}, want {Version}");
        }
    }
}
