// SPDX-License-Identifier: Apache-2.0
namespace Tare.Engine.Inspect;

/// <summary>Where at the host a port of a container is reached. Engine API v1.51 PortBinding.</summary>
internal sealed record PortBindingDocument(string HostIp, string HostPort);
