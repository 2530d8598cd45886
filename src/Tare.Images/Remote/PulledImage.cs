// SPDX-License-Identifier: Apache-2.0
using Tare.Oci;

namespace Tare.Images.Remote;

/// <summary>One image that was pulled.</summary>
/// <param name="Name">what stands for it now</param>
/// <param name="Root">the digest of the manifest or index</param>
/// <param name="IsNew">false when all was here already, under this name</param>
internal sealed record PulledImage(Reference Name, Digest Root, bool IsNew);
