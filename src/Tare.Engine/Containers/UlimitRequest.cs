// SPDX-License-Identifier: Apache-2.0
namespace Tare.Engine.Containers;

/// <summary>A resource limit of the container's processes.</summary>
/// <param name="Name">lower case without prefix, such as <c>nofile</c>; known to the kernel</param>
/// <param name="Soft">-1 is no limit</param>
/// <param name="Hard">-1 is no limit; not below <paramref name="Soft"/></param>
internal sealed record UlimitRequest(string Name, long Soft, long Hard);
