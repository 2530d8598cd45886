// SPDX-License-Identifier: Apache-2.0
namespace Tare.Hostile;

/// <summary>A file that somebody might give to <c>load</c>.</summary>
/// <param name="Name">class and variant</param>
/// <param name="Archive">its bytes</param>
/// <param name="IsRefused">false: it loads, and does no harm</param>
/// <param name="Mentions">part of the error, naming the object at fault; may be empty</param>
public sealed record HostileArchive(string Name, byte[] Archive, bool IsRefused, string Mentions)
{
    public override string ToString() => Name;
}
