// SPDX-License-Identifier: Apache-2.0
namespace Tare.Engine.Containers;

/// <summary>A device of the host that the container may use.</summary>
/// <param name="Source">absolute host path</param>
/// <param name="Target">absolute path inside the container</param>
/// <param name="Access">some of <c>r</c>, <c>w</c>, <c>m</c></param>
internal sealed record DeviceRequest(string Source, string Target, string Access);
