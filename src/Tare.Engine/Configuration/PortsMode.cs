// SPDX-License-Identifier: Apache-2.0
namespace Tare.Engine.Configuration;

/// <summary>How a published port leads to its container.</summary>
internal enum PortsMode
{
    /// <summary>The addresses of packets to the host's port are rewritten.</summary>
    Nat,

    /// <summary>The keeper listens at the host's port, so that the host's own rules for what comes in count, and relays.</summary>
    Firewall,
}
