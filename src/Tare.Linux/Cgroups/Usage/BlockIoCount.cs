// SPDX-License-Identifier: Apache-2.0
namespace Tare.Linux.Cgroups.Usage;

/// <summary>A number of one kind for one disk.</summary>
/// <param name="Major">of the disk</param>
/// <param name="Minor">of the disk</param>
/// <param name="Operation"><c>Read</c>, <c>Write</c>, <c>Sync</c>, <c>Async</c>, <c>Discard</c>, <c>Total</c>; null: of all</param>
/// <param name="Value">bytes, requests, ns or sectors</param>
internal readonly record struct BlockIoCount(ulong Major, ulong Minor, string? Operation, ulong Value);
