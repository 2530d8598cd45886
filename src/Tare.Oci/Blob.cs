// SPDX-License-Identifier: Apache-2.0
namespace Tare.Oci;

/// <summary>A parsed document beside the bytes it came from; those bytes, never a new serialisation, are stored and
/// sent on.</summary>
/// <param name="Bytes">as received; they hash to <paramref name="Digest"/></param>
/// <param name="Digest">verified by whoever fetched or stored the bytes</param>
/// <param name="Value">what the bytes say</param>
internal sealed record Blob<T>(ReadOnlyMemory<byte> Bytes, Digest Digest, T Value)
    where T : class;
