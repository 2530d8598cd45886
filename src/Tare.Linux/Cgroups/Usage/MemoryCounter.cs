// SPDX-License-Identifier: Apache-2.0
namespace Tare.Linux.Cgroups.Usage;

/// <summary>One kind of memory, in bytes.</summary>
/// <param name="Limit">the most there may be; without a limit a very large number</param>
/// <param name="Usage">now</param>
/// <param name="Max">the most so far; 0: not known</param>
/// <param name="Failures">how often the limit was met</param>
internal readonly record struct MemoryCounter(ulong Limit, ulong Usage, ulong Max, ulong Failures)
{
    /// <summary>v1's four files of a counter.</summary>
    /// <param name="directory">null: no such controller</param>
    /// <param name="name">what the files begin with: <c>memory</c>, <c>memory.memsw</c></param>
    internal static MemoryCounter Read(string? directory, string name) => new(
        UsageFile.Number(directory, $"{name}.limit_in_bytes"),
        UsageFile.Number(directory, $"{name}.usage_in_bytes"),
        UsageFile.Number(directory, $"{name}.max_usage_in_bytes"),
        UsageFile.Number(directory, $"{name}.failcnt"));
}
