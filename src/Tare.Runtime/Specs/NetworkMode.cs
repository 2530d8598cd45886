// SPDX-License-Identifier: Apache-2.0
namespace Tare.Runtime.Specs;

/// <summary>Which network a container sees.</summary>
internal enum NetworkMode
{
    /// <summary>A network namespace of its own; what is in it beside loopback is somebody else's business.</summary>
    Private,

    /// <summary>The host's.</summary>
    Host,
}
