// SPDX-License-Identifier: Apache-2.0
namespace Tare.Engine.Volumes;

/// <summary>A folder that outlives containers.</summary>
/// <param name="Name">unique in a store; 64 hex digits when nobody named it</param>
/// <param name="Created">when</param>
/// <param name="Anonymous">made for one container, and removed with it by <c>--rm</c> and <c>rm -v</c></param>
/// <param name="Labels">of whoever named it</param>
internal sealed record VolumeRow(string Name, DateTimeOffset Created, bool Anonymous, IReadOnlyDictionary<string, string> Labels);
