// SPDX-License-Identifier: Apache-2.0
using Tare.Oci.Runtime;

namespace Tare.Runtime.Specs;

/// <summary>The ids of the host that stand for a container's own users and groups, from 0 on, in a private user namespace.</summary>
/// <param name="First">what the container's root is on the host</param>
internal sealed record UserRange(uint First)
{
    /// <summary>Ids in it: all that POSIX systems give out by themselves, <c>nobody</c> (65534) included.</summary>
    public const uint Size = 65_536;

    /// <summary>As a runtime spec says it.</summary>
    public IReadOnlyList<IdMapping> Map => [new IdMapping(0, First, Size)];
}
