// SPDX-License-Identifier: Apache-2.0
namespace Tare.Engine.Inspect;

/// <summary>Where a container's files are. Engine API v1.51 DriverData.</summary>
internal sealed record GraphDriverDocument(IReadOnlyDictionary<string, string> Data, string Name);
