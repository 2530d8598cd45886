// SPDX-License-Identifier: Apache-2.0
namespace Tare.Runtime.Specs;

/// <summary>Who a process runs as, in numbers.</summary>
/// <param name="Uid">0 to 2³¹−1</param>
/// <param name="Gid">0 to 2³¹−1</param>
/// <param name="Groups">supplementary groups; the primary one is the first</param>
/// <param name="Home">home directory, "/" when nobody knows</param>
internal sealed record Account(uint Uid, uint Gid, IReadOnlyList<uint> Groups, string Home);
