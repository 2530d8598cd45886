// SPDX-License-Identifier: Apache-2.0
namespace Tare.Images.Building;

/// <summary>Something that is said about an image.</summary>
/// <param name="PredicateType">a URI: what kind of thing</param>
/// <param name="Statement">the whole in-toto statement, JSON</param>
internal sealed record Attestation(string PredicateType, byte[] Statement);
