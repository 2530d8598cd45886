// SPDX-License-Identifier: Apache-2.0
namespace Tare.Runtime.Specs;

/// <summary>Which network a container sees.</summary>
internal enum NetworkMode
{
    /// <summary>A network namespace of its own with nothing but loopback.</summary>
    None,

    /// <summary>The host's.</summary>
    Host,
}
