// SPDX-License-Identifier: Apache-2.0
using Tare.Linux.Netlink.Filter;

namespace Tare.Network;

/// <summary>An element of a store's packet filter that nobody owns.</summary>
/// <param name="Family">of its table</param>
/// <param name="Set">where it stands</param>
/// <param name="Key">what it is</param>
internal sealed record StrayElement(FilterFamily Family, string Set, byte[] Key)
{
    /// <summary>The same for the same element: <c>macs 7476…</c>.</summary>
    public string Name => $"{Set} {Convert.ToHexStringLower(Key)}";
}
