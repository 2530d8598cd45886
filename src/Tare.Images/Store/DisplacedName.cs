// SPDX-License-Identifier: Apache-2.0
using Tare.Oci;

namespace Tare.Images.Store;

/// <summary>A name that now stands for another image.</summary>
/// <param name="Name">the name</param>
/// <param name="BeforeId">the ID of the image that it stood for until now</param>
internal sealed record DisplacedName(Reference Name, Digest BeforeId);
