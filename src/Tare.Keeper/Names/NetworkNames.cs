// SPDX-License-Identifier: Apache-2.0
namespace Tare.Keeper.Names;

/// <summary>Who is on a network.</summary>
/// <param name="Network">its name</param>
/// <param name="Endpoints">in the order in which they came</param>
internal sealed record NetworkNames(string Network, IReadOnlyList<NamedEndpoint> Endpoints);
