// SPDX-License-Identifier: Apache-2.0
namespace Tare.Oci;

/// <summary>What a kind of document must look like before anybody looks at its values.</summary>
/// <param name="Noun">what error messages call it</param>
/// <param name="MaxBytes">the bound on its size</param>
/// <param name="Read">reads its values; throws what the JSON reader throws</param>
/// <param name="Required">members that must be there, spelt exactly so</param>
/// <param name="Forbidden">members of the other kinds: with them a document would mean two things</param>
internal sealed record DocumentShape<T>(
    string Noun, int MaxBytes, ReadDocument<T> Read, string[] Required, string[] Forbidden)
    where T : class;
