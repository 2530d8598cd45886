// SPDX-License-Identifier: Apache-2.0
using Tare.Oci;

namespace Tare.Server.Registry.Storage;

/// <summary>A manifest or index as it was pushed.</summary>
/// <param name="Digest">of the bytes</param>
/// <param name="MediaType">as pushed, for Content-Type</param>
/// <param name="Bytes">never serialised again</param>
internal sealed record StoredManifest(Digest Digest, string MediaType, ReadOnlyMemory<byte> Bytes);
