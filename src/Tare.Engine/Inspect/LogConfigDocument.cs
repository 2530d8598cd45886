// SPDX-License-Identifier: Apache-2.0
namespace Tare.Engine.Inspect;

/// <summary>What is kept of a container's output. Engine API v1.51 HostConfig.LogConfig.</summary>
internal sealed record LogConfigDocument(string Type, Dictionary<string, string> Config);
