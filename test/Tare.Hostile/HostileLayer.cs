// SPDX-License-Identifier: Apache-2.0
namespace Tare.Hostile;

/// <summary>A layer made to harm.</summary>
/// <param name="Name">class and variant</param>
/// <param name="Tar">the uncompressed archive</param>
/// <param name="Error">part of the error that must name the fault; empty when the layer is harmless inside its root</param>
public sealed record HostileLayer(string Name, byte[] Tar, string Error)
{
    public bool IsRefused => Error.Length > 0;

    public override string ToString() => Name;
}
