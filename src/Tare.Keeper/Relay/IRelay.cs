// SPDX-License-Identifier: Apache-2.0
namespace Tare.Keeper.Relay;

/// <summary>A published port of either kind; disposing it closes its socket and what it relays.</summary>
internal interface IRelay : IDisposable
{
    /// <summary>Where new clients are led to.</summary>
    RelayRoute Route { get; set; }

    /// <summary>There is room for new clients again.</summary>
    void AcceptAgain();
}
