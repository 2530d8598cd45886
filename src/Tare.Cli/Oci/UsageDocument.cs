// SPDX-License-Identifier: Apache-2.0
using System.Text.Json;
using Tare.Linux.Cgroups.Usage;

namespace Tare.Cli.Oci;

/// <summary>What a container uses, as <c>runc events</c> prints it: same names, same units, the same left out when it is 0.</summary>
/// <remarks>There is no form of it in the specification; scripts and monitors read runc's.</remarks>
internal static class UsageDocument
{
    public static void Write(Utf8JsonWriter writer, CgroupUsage usage)
    {
        writer.WriteStartObject();
        WriteCpu(writer, usage.Cpu);
        WriteCpuset(writer, usage.Cpuset);
        WriteMemory(writer, usage.Memory);
        writer.WriteStartObject("pids");
        WriteUnlessZero(writer, "current", usage.Processes);
        WriteUnlessZero(writer, "limit", usage.ProcessLimit);
        writer.WriteEndObject();
        WriteBlockIo(writer, usage.BlockIo);
        writer.WriteStartObject("hugetlb");
        foreach ((string size, MemoryCounter pages) in usage.Hugepages)
        {
            writer.WriteStartObject(size);
            WriteUnlessZero(writer, "usage", pages.Usage);
            WriteUnlessZero(writer, "max", pages.Max);
            writer.WriteNumber("failcnt", pages.Failures);
            writer.WriteEndObject();
        }

        writer.WriteEndObject();
        writer.WriteStartObject("intel_rdt");
        writer.WriteEndObject();

        // a runtime makes no interfaces, so that it has none to tell of
        writer.WriteNull("network_interfaces");
        writer.WriteEndObject();
    }

    private static void WriteCpu(Utf8JsonWriter writer, CpuUsage cpu)
    {
        writer.WriteStartObject("cpu");
        writer.WriteStartObject("usage");
        WriteUnlessZero(writer, "total", cpu.Total);
        WriteUnlessEmpty(writer, "percpu", cpu.PerProcessor, static (to, value) => to.WriteNumberValue(value));
        WriteUnlessEmpty(writer, "percpu_kernel", cpu.PerProcessorKernel, static (to, value) => to.WriteNumberValue(value));
        WriteUnlessEmpty(writer, "percpu_user", cpu.PerProcessorUser, static (to, value) => to.WriteNumberValue(value));
        writer.WriteNumber("kernel", cpu.Kernel);
        writer.WriteNumber("user", cpu.User);
        writer.WriteEndObject();
        writer.WriteStartObject("throttling");
        WriteUnlessZero(writer, "periods", cpu.Periods);
        WriteUnlessZero(writer, "throttledPeriods", cpu.ThrottledPeriods);
        WriteUnlessZero(writer, "throttledTime", cpu.ThrottledTime);
        writer.WriteEndObject();
        WriteStalls(writer, cpu.Stalls);
        writer.WriteEndObject();
    }

    private static void WriteCpuset(Utf8JsonWriter writer, CpusetUsage cpuset)
    {
        writer.WriteStartObject("cpuset");
        WriteUnlessEmpty(writer, "cpus", cpuset.Cpus, static (to, value) => to.WriteNumberValue(value));
        WriteUnlessEmpty(writer, "mems", cpuset.Mems, static (to, value) => to.WriteNumberValue(value));
        foreach ((string name, long value) in cpuset.Settings)
        {
            writer.WriteNumber(name, value);
        }

        writer.WriteEndObject();
    }

    private static void WriteMemory(Utf8JsonWriter writer, MemoryUsage memory)
    {
        writer.WriteStartObject("memory");
        WriteUnlessZero(writer, "cache", memory.Cache);
        WriteCounter(writer, "usage", memory.Usage);
        WriteCounter(writer, "swap", memory.Swap);
        WriteCounter(writer, "kernel", memory.Kernel);
        WriteCounter(writer, "kernelTCP", memory.KernelTcp);
        if (memory.Raw.Count > 0)
        {
            writer.WriteStartObject("raw");
            foreach ((string name, ulong value) in memory.Raw)
            {
                writer.WriteNumber(name, value);
            }

            writer.WriteEndObject();
        }

        WriteStalls(writer, memory.Stalls);
        writer.WriteEndObject();
    }

    private static void WriteCounter(Utf8JsonWriter writer, string name, MemoryCounter counter)
    {
        writer.WriteStartObject(name);
        writer.WriteNumber("limit", counter.Limit);
        WriteUnlessZero(writer, "usage", counter.Usage);
        WriteUnlessZero(writer, "max", counter.Max);
        writer.WriteNumber("failcnt", counter.Failures);
        writer.WriteEndObject();
    }

    private static void WriteBlockIo(Utf8JsonWriter writer, BlockIoUsage disks)
    {
        writer.WriteStartObject("blkio");
        foreach ((string name, IReadOnlyList<BlockIoCount> counts) in disks.Tables)
        {
            WriteUnlessEmpty(writer, name, counts, WriteCount);
        }

        WriteStalls(writer, disks.Stalls);
        writer.WriteEndObject();
    }

    private static void WriteCount(Utf8JsonWriter writer, BlockIoCount count)
    {
        writer.WriteStartObject();
        WriteUnlessZero(writer, "major", count.Major);
        WriteUnlessZero(writer, "minor", count.Minor);
        if (count.Operation is { } operation)
        {
            writer.WriteString("op", operation);
        }

        WriteUnlessZero(writer, "value", count.Value);
        writer.WriteEndObject();
    }

    private static void WriteStalls(Utf8JsonWriter writer, Pressure? stalls)
    {
        if (stalls is not null)
        {
            writer.WriteStartObject("psi");
            WriteShare(writer, "some", stalls.Some);
            WriteShare(writer, "full", stalls.Full);
            writer.WriteEndObject();
        }
    }

    private static void WriteShare(Utf8JsonWriter writer, string name, PressureShare share)
    {
        writer.WriteStartObject(name);
        writer.WriteNumber("avg10", share.Average10);
        writer.WriteNumber("avg60", share.Average60);
        writer.WriteNumber("avg300", share.Average300);
        writer.WriteNumber("total", share.Total);
        writer.WriteEndObject();
    }

    private static void WriteUnlessZero(Utf8JsonWriter writer, string name, ulong value)
    {
        if (value != 0)
        {
            writer.WriteNumber(name, value);
        }
    }

    private static void WriteUnlessEmpty<T>(
        Utf8JsonWriter writer, string name, IReadOnlyList<T> values, Action<Utf8JsonWriter, T> write)
    {
        if (values.Count == 0)
        {
            return;
        }

        writer.WriteStartArray(name);
        foreach (T value in values)
        {
            write(writer, value);
        }

        writer.WriteEndArray();
    }
}
