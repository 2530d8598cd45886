// SPDX-License-Identifier: Apache-2.0
namespace Tare.Keeper.Relay;

/// <summary>What all relays of one keeper may hold.</summary>
/// <param name="Connections">TCP connections at a time; the next waits until one ends</param>
/// <param name="Flows">senders of UDP that are remembered; the one that was silent longest gives way</param>
/// <param name="Idle">how long a sender of UDP is remembered after the last datagram</param>
internal sealed record RelayLimits(int Connections, int Flows, TimeSpan Idle)
{
    public static RelayLimits Default { get; } = new(4096, 1024, TimeSpan.FromSeconds(30));
}
