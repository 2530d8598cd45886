// SPDX-License-Identifier: Apache-2.0
namespace Tare.Runtime.Specs;

/// <summary>A file system in memory.</summary>
/// <param name="Destination">see <see cref="MountOption"/></param>
/// <param name="Options">what the user said beyond the defaults, such as <c>size=64m</c>, <c>exec</c>,
/// <c>mode=1777</c></param>
internal sealed record TmpfsMount(string Destination, IReadOnlyList<string> Options) : MountOption(Destination);
