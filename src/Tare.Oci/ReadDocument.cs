// SPDX-License-Identifier: Apache-2.0
namespace Tare.Oci;

/// <summary>Reads a whole document; null when it is the word null.</summary>
internal delegate T? ReadDocument<out T>(ReadOnlySpan<byte> bytes)
    where T : class;
