// SPDX-License-Identifier: Apache-2.0
namespace Tare.Linux.Compression;

/// <summary>Hands out bytes that are not packed, so that callers need not care.</summary>
internal sealed class PlainReader(Stream source, bool leaveOpen = false, ReadOnlySpan<byte> prefix = default)
    : UnpackingStream(source, leaveOpen, prefix)
{
    protected override CompressionFormat Format => CompressionFormat.None;

    protected override bool Unpack(
        ReadOnlySpan<byte> input, Span<byte> output, bool last, out int used, out int made)
    {
        made = used = Math.Min(input.Length, output.Length);
        input[..used].CopyTo(output);
        return true;
    }
}
