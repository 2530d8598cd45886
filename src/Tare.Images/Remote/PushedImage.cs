// SPDX-License-Identifier: Apache-2.0
using Tare.Oci;

namespace Tare.Images.Remote;

/// <summary>What a tag stands for at the registry now.</summary>
/// <param name="Name">with its tag</param>
/// <param name="Root">the manifest or index that was sent</param>
/// <param name="Left">the index that it stands for here, when not all of that is here and one image alone was sent; else null</param>
internal sealed record PushedImage(Reference Name, Descriptor Root, Digest? Left);
