// SPDX-License-Identifier: Apache-2.0
using System.Text.Json.Serialization;

namespace Tare.Engine.Inspect;

/// <summary>Where at the host a port of a container is reached. Engine API v1.51 PortBinding.</summary>
/// <param name="HostIp">empty: all</param>
/// <param name="HostPort">empty: any that is free</param>
/// <param name="PortsMode">nat, firewall; docker knows none, so it is told only where one was asked for</param>
internal sealed record PortBindingDocument(string HostIp, string HostPort, [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? PortsMode = null);
