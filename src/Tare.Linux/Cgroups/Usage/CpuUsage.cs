// SPDX-License-Identifier: Apache-2.0
namespace Tare.Linux.Cgroups.Usage;

/// <summary>Time of processors, in ns.</summary>
/// <param name="Total">in all</param>
/// <param name="Kernel">of it in the kernel</param>
/// <param name="User">of it outside</param>
/// <remarks>kernel admin-guide/cgroup-v1/cpuacct.rst, admin-guide/cgroup-v2.rst#cpu-interface-files</remarks>
internal sealed record CpuUsage(ulong Total, ulong Kernel, ulong User)
{
    private const ulong NanosecondsPerMicrosecond = 1000;

    /// <summary>USER_HZ, in which cpuacct.stat counts; 100 wherever there is .NET.</summary>
    private const ulong NanosecondsPerTick = 10_000_000;

    /// <summary>Of each processor; empty with v2, which does not tell.</summary>
    public IReadOnlyList<ulong> PerProcessor { get; init; } = [];

    public IReadOnlyList<ulong> PerProcessorKernel { get; init; } = [];

    public IReadOnlyList<ulong> PerProcessorUser { get; init; } = [];

    /// <summary>Periods of the quota in which it ran.</summary>
    public ulong Periods { get; init; }

    /// <summary>Those in which the quota was used up.</summary>
    public ulong ThrottledPeriods { get; init; }

    /// <summary>How long it had to wait for the next one, in ns.</summary>
    public ulong ThrottledTime { get; init; }

    public Pressure? Stalls { get; init; }

    internal static CpuUsage Read(Cgroup cgroup)
    {
        // every cgroup of the unified hierarchy has a cpu.stat, whoever has the controller
        bool isUnified = cgroup.Find("cpu.shares") is null;
        string? directory = cgroup.Find(isUnified ? "cpu.stat" : "cpu.shares");
        IReadOnlyList<KeyValuePair<string, ulong>> stat = UsageFile.Table(directory, "cpu.stat");
        ulong waited = isUnified
            ? UsageFile.Key(stat, "throttled_usec") * NanosecondsPerMicrosecond
            : UsageFile.Key(stat, "throttled_time");
        return (cgroup.Find("cpuacct.usage") is { } account ? ReadAccount(account) : ReadUnified(cgroup)) with
        {
            Periods = UsageFile.Key(stat, "nr_periods"),
            ThrottledPeriods = UsageFile.Key(stat, "nr_throttled"),
            ThrottledTime = waited,
            Stalls = Pressure.TryRead(cgroup, "cpu.pressure"),
        };
    }

    private static CpuUsage ReadUnified(Cgroup cgroup)
    {
        IReadOnlyList<KeyValuePair<string, ulong>> stat = UsageFile.Table(cgroup.Find("cpu.stat"), "cpu.stat");
        return new(
            UsageFile.Key(stat, "usage_usec") * NanosecondsPerMicrosecond,
            UsageFile.Key(stat, "system_usec") * NanosecondsPerMicrosecond,
            UsageFile.Key(stat, "user_usec") * NanosecondsPerMicrosecond);
    }

    private static CpuUsage ReadAccount(string directory)
    {
        IReadOnlyList<KeyValuePair<string, ulong>> stat = UsageFile.Table(directory, "cpuacct.stat");

        // below the head: processor, user, system
        List<IReadOnlyList<ulong>> each =
            [.. UsageFile.Lines(directory, "cpuacct.usage_all").Skip(1).Select(UsageFile.Numbers).Where(line => line.Count == 3)];
        return new(
            UsageFile.Number(directory, "cpuacct.usage"),
            UsageFile.Key(stat, "system") * NanosecondsPerTick,
            UsageFile.Key(stat, "user") * NanosecondsPerTick)
        {
            PerProcessor = [.. UsageFile.Lines(directory, "cpuacct.usage_percpu").Take(1).SelectMany(UsageFile.Numbers)],
            PerProcessorKernel = [.. each.Select(line => line[2])],
            PerProcessorUser = [.. each.Select(line => line[1])],
        };
    }
}
