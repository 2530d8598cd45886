// SPDX-License-Identifier: Apache-2.0
using System.Text.Json.Serialization;

namespace Tare.Engine.Inspect;

/// <summary>Addresses that somebody asked for. Engine API v1.51 EndpointIPAMConfig.</summary>
internal sealed record EndpointAddressesDocument(
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? IPv4Address,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? IPv6Address);
