// SPDX-License-Identifier: Apache-2.0
using Tare.Oci;

namespace Tare.Engine.Containers;

/// <summary>An image is not in the store and may be fetched: whoever catches this fetches it and asks again.</summary>
/// <param name="name">what to fetch</param>
/// <param name="message">for those who do not</param>
internal sealed class MissingImageException(Reference name, string message)
    : TareException(ErrorKind.NotFound, message, "see what there is with: tare images; fetch one with: tare pull NAME")
{
    /// <summary>As the request spells it, in full.</summary>
    public Reference Name { get; } = name;
}
