// SPDX-License-Identifier: Apache-2.0
using Tare.Oci;

namespace Tare.Images;

/// <summary>One root (manifest or index) in a source, and the names that the source gives it.</summary>
/// <param name="Root">the manifest or index</param>
/// <param name="Names">may be empty</param>
internal sealed record OfferedImage(Descriptor Root, IReadOnlyList<Reference> Names);
