// SPDX-License-Identifier: Apache-2.0
namespace Tare.Engine.Configuration;

/// <summary>How a published port leads to its container.</summary>
internal enum PortsMode
{
    /// <summary>The addresses of packets to the host's port are rewritten.</summary>
    Nat,

    /// <summary>Nothing is rewritten: rules only let packets to the container's own address pass.</summary>
    Firewall,
}
