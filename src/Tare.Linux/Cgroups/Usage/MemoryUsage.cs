// SPDX-License-Identifier: Apache-2.0
namespace Tare.Linux.Cgroups.Usage;

/// <summary>Memory of a container.</summary>
/// <param name="Cache">bytes of it that are pages of files</param>
/// <param name="Usage">all of it</param>
/// <param name="Swap">with what is swapped out</param>
/// <param name="Kernel">of it the kernel's own; v1 alone has a limit for it</param>
/// <param name="KernelTcp">v1: buffers of TCP, which are counted beside it</param>
/// <param name="Raw">memory.stat, as the kernel has it</param>
/// <remarks>kernel admin-guide/cgroup-v1/memory.rst, admin-guide/cgroup-v2.rst#memory-interface-files</remarks>
internal sealed record MemoryUsage(
    ulong Cache,
    MemoryCounter Usage,
    MemoryCounter Swap,
    MemoryCounter Kernel,
    MemoryCounter KernelTcp,
    IReadOnlyList<KeyValuePair<string, ulong>> Raw)
{
    public Pressure? Stalls { get; init; }

    internal static MemoryUsage Read(Cgroup cgroup) =>
        (cgroup.Find("memory.usage_in_bytes") is { } directory ? ReadV1(directory) : ReadUnified(cgroup)) with
        {
            Stalls = Pressure.TryRead(cgroup, "memory.pressure"),
        };

    private static MemoryUsage ReadV1(string directory)
    {
        IReadOnlyList<KeyValuePair<string, ulong>> raw = UsageFile.Table(directory, "memory.stat");
        return new(
            UsageFile.Key(raw, "cache"),
            MemoryCounter.Read(directory, "memory"),
            MemoryCounter.Read(directory, "memory.memsw"),
            MemoryCounter.Read(directory, "memory.kmem"),
            MemoryCounter.Read(directory, "memory.kmem.tcp"),
            raw);
    }

    private static MemoryUsage ReadUnified(Cgroup cgroup)
    {
        string? directory = cgroup.Find("memory.current");
        IReadOnlyList<KeyValuePair<string, ulong>> raw = UsageFile.Table(directory, "memory.stat");
        var usage = new MemoryCounter(
            UsageFile.Number(directory, "memory.max"),
            UsageFile.Number(directory, "memory.current"),
            UsageFile.Number(directory, "memory.peak"),
            UsageFile.Key(UsageFile.Table(directory, "memory.events"), "max"));
        return new(
            UsageFile.Key(raw, "file"),
            usage,
            WithSwap(usage, directory),
            new(0, UsageFile.Key(raw, "kernel"), 0, 0),
            default,
            raw);
    }

    /// <summary>v2 counts swap by itself; who reads this expects both together, as v1 counts.</summary>
    private static MemoryCounter WithSwap(MemoryCounter memory, string? directory)
    {
        ulong limit = UsageFile.Number(directory, "memory.swap.max");
        return new(
            limit == ulong.MaxValue || memory.Limit == ulong.MaxValue ? ulong.MaxValue : limit + memory.Limit,
            memory.Usage + UsageFile.Number(directory, "memory.swap.current"),
            0,
            UsageFile.Key(UsageFile.Table(directory, "memory.swap.events"), "max"));
    }
}
