// SPDX-License-Identifier: Apache-2.0
namespace Tare.Oci.Runtime.Reading;

/// <summary>Reads <see cref="Resources"/> without the serializer; see <see cref="SpecReader"/>.</summary>
internal static class ResourcesReader
{
    /// <param name="bytes">UTF-8</param>
    public static Resources? TryRead(ReadOnlySpan<byte> bytes) => FastTokens.Document(bytes, ReadResources);

    public static Resources ReadResources(ref FastTokens t)
    {
        IReadOnlyDictionary<string, string>? unified = null;
        IReadOnlyList<DeviceRule>? devices = null;
        MemoryResources? memory = null;
        CpuResources? cpu = null;
        PidsResources? pids = null;
        BlockIoResources? blockIo = null;
        IReadOnlyList<HugepageLimit>? hugepageLimits = null;
        NetworkResources? network = null;
        IReadOnlyDictionary<string, RdmaLimit>? rdma = null;
        for (ulong seen = t.Object(); t.Member();)
        {
            if (t.Is("unified"u8, ref seen)) unified = t.TextMap();
            else if (t.Is("devices"u8, ref seen)) devices = t.List(ReadDeviceRule);
            else if (t.Is("memory"u8, ref seen)) memory = ReadMemory(ref t);
            else if (t.Is("cpu"u8, ref seen)) cpu = ReadCpu(ref t);
            else if (t.Is("pids"u8, ref seen)) pids = ReadPids(ref t);
            else if (t.Is("blockIO"u8, ref seen)) blockIo = BlockIoReader.ReadBlockIo(ref t);
            else if (t.Is("hugepageLimits"u8, ref seen)) hugepageLimits = t.List(ReadHugepageLimit);
            else if (t.Is("network"u8, ref seen)) network = ReadNetwork(ref t);
            else if (t.Is("rdma"u8, ref seen)) rdma = t.Map(ReadRdmaLimit);
            else t.GiveUp();
        }

        return new()
        {
            Unified = unified,
            Devices = devices,
            Memory = memory,
            Cpu = cpu,
            Pids = pids,
            BlockIo = blockIo,
            HugepageLimits = hugepageLimits,
            Network = network,
            Rdma = rdma,
        };
    }

    private static DeviceRule ReadDeviceRule(ref FastTokens t)
    {
        bool? allow = null;
        string? type = null, access = null;
        long? major = null, minor = null;
        for (ulong seen = t.Object(); t.Member();)
        {
            if (t.Is("allow"u8, ref seen)) allow = t.Flag();
            else if (t.Is("type"u8, ref seen)) type = t.Text();
            else if (t.Is("major"u8, ref seen)) major = t.Int64();
            else if (t.Is("minor"u8, ref seen)) minor = t.Int64();
            else if (t.Is("access"u8, ref seen)) access = t.Text();
            else t.GiveUp();
        }

        return new(t.Need(allow), type, major, minor, access);
    }

    private static MemoryResources ReadMemory(ref FastTokens t)
    {
        long? limit = null, reservation = null, swap = null, kernel = null, kernelTcp = null;
        ulong? swappiness = null;
        bool? disableOomKiller = null, useHierarchy = null, checkBeforeUpdate = null;
        for (ulong seen = t.Object(); t.Member();)
        {
            if (t.Is("limit"u8, ref seen)) limit = t.Int64();
            else if (t.Is("reservation"u8, ref seen)) reservation = t.Int64();
            else if (t.Is("swap"u8, ref seen)) swap = t.Int64();
            else if (t.Is("kernel"u8, ref seen)) kernel = t.Int64();
            else if (t.Is("kernelTCP"u8, ref seen)) kernelTcp = t.Int64();
            else if (t.Is("swappiness"u8, ref seen)) swappiness = t.UInt64();
            else if (t.Is("disableOOMKiller"u8, ref seen)) disableOomKiller = t.Flag();
            else if (t.Is("useHierarchy"u8, ref seen)) useHierarchy = t.Flag();
            else if (t.Is("checkBeforeUpdate"u8, ref seen)) checkBeforeUpdate = t.Flag();
            else t.GiveUp();
        }

        return new()
        {
            Limit = limit,
            Reservation = reservation,
            Swap = swap,
            Kernel = kernel,
            KernelTcp = kernelTcp,
            Swappiness = swappiness,
            DisableOomKiller = disableOomKiller,
            UseHierarchy = useHierarchy,
            CheckBeforeUpdate = checkBeforeUpdate,
        };
    }

    private static CpuResources ReadCpu(ref FastTokens t)
    {
        ulong? shares = null, burst = null, period = null, realtimePeriod = null;
        long? quota = null, realtimeRuntime = null, idle = null;
        string? cpus = null, mems = null;
        for (ulong seen = t.Object(); t.Member();)
        {
            if (t.Is("shares"u8, ref seen)) shares = t.UInt64();
            else if (t.Is("quota"u8, ref seen)) quota = t.Int64();
            else if (t.Is("burst"u8, ref seen)) burst = t.UInt64();
            else if (t.Is("period"u8, ref seen)) period = t.UInt64();
            else if (t.Is("realtimeRuntime"u8, ref seen)) realtimeRuntime = t.Int64();
            else if (t.Is("realtimePeriod"u8, ref seen)) realtimePeriod = t.UInt64();
            else if (t.Is("cpus"u8, ref seen)) cpus = t.Text();
            else if (t.Is("mems"u8, ref seen)) mems = t.Text();
            else if (t.Is("idle"u8, ref seen)) idle = t.Int64();
            else t.GiveUp();
        }

        return new()
        {
            Shares = shares,
            Quota = quota,
            Burst = burst,
            Period = period,
            RealtimeRuntime = realtimeRuntime,
            RealtimePeriod = realtimePeriod,
            Cpus = cpus,
            Mems = mems,
            Idle = idle,
        };
    }

    private static PidsResources ReadPids(ref FastTokens t)
    {
        long? limit = null;
        for (ulong seen = t.Object(); t.Member();)
        {
            if (t.Is("limit"u8, ref seen)) limit = t.Int64();
            else t.GiveUp();
        }

        return new(limit);
    }

    private static HugepageLimit ReadHugepageLimit(ref FastTokens t)
    {
        string? pageSize = null;
        ulong? limit = null;
        for (ulong seen = t.Object(); t.Member();)
        {
            if (t.Is("pageSize"u8, ref seen)) pageSize = t.Text();
            else if (t.Is("limit"u8, ref seen)) limit = t.UInt64();
            else t.GiveUp();
        }

        return new(t.Need(pageSize), t.Need(limit));
    }

    private static NetworkResources ReadNetwork(ref FastTokens t)
    {
        uint? classId = null;
        IReadOnlyList<InterfacePriority>? priorities = null;
        for (ulong seen = t.Object(); t.Member();)
        {
            if (t.Is("classID"u8, ref seen)) classId = t.UInt32();
            else if (t.Is("priorities"u8, ref seen)) priorities = t.List(ReadInterfacePriority);
            else t.GiveUp();
        }

        return new() { ClassId = classId, Priorities = priorities };
    }

    private static InterfacePriority ReadInterfacePriority(ref FastTokens t)
    {
        string? name = null;
        uint? priority = null;
        for (ulong seen = t.Object(); t.Member();)
        {
            if (t.Is("name"u8, ref seen)) name = t.Text();
            else if (t.Is("priority"u8, ref seen)) priority = t.UInt32();
            else t.GiveUp();
        }

        return new(t.Need(name), t.Need(priority));
    }

    private static RdmaLimit ReadRdmaLimit(ref FastTokens t)
    {
        uint? hcaHandles = null, hcaObjects = null;
        for (ulong seen = t.Object(); t.Member();)
        {
            if (t.Is("hcaHandles"u8, ref seen)) hcaHandles = t.UInt32();
            else if (t.Is("hcaObjects"u8, ref seen)) hcaObjects = t.UInt32();
            else t.GiveUp();
        }

        return new(hcaHandles, hcaObjects);
    }
}
