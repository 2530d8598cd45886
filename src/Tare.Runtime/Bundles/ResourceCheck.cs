// SPDX-License-Identifier: Apache-2.0
using Tare.Oci;
using Tare.Oci.Runtime;
using Tare.Runtime.Planning;

namespace Tare.Runtime.Bundles;

/// <summary>The limits of a container, from a config or from an update.</summary>
/// <remarks>runtime-spec v1.3 config-linux.md#control-groups</remarks>
internal static class ResourceCheck
{
    private const long MaxSwappiness = 100;
    private const long MinPeriod = 1_000;
    private const long MaxPeriod = 1_000_000;

    private static readonly string[] DeviceTypes = ["a", "b", "c", "u", ""];

    /// <param name="resources">what is checked</param>
    /// <param name="at">their path: <c>linux.resources</c></param>
    public static void Check(Resources? resources, string at)
    {
        if (resources is null)
        {
            return;
        }

        for (int i = 0; i < resources.Devices?.Count; i++)
        {
            CheckDevice(resources.Devices[i], $"{at}.devices[{i}]");
        }

        CheckMemory(resources.Memory, $"{at}.memory");
        CheckCpu(resources.Cpu, $"{at}.cpu");
        BlockIoCheck.Check(resources.BlockIo, $"{at}.blockIO");
        CheckHugepages(resources.HugepageLimits, $"{at}.hugepageLimits");
        for (int i = 0; i < resources.Network?.Priorities?.Count; i++)
        {
            _ = resources.Network.Priorities[i].Name.Length > 0
                ? true : throw SpecFault.At($"{at}.network.priorities[{i}].name", "is empty");
        }

        foreach ((string device, RdmaLimit limit) in resources.Rdma ?? new Dictionary<string, RdmaLimit>())
        {
            _ = limit.HcaHandles is not null || limit.HcaObjects is not null
                ? true : throw SpecFault.At($"{at}.rdma{ConfigPath.Key(device)}", "limits nothing");
        }

        foreach (string file in resources.Unified?.Keys ?? [])
        {
            _ = file.Contains('.', StringComparison.Ordinal) && file[0] != '.' && !file.Contains('/', StringComparison.Ordinal)
                ? true : throw SpecFault.At($"{at}.unified{ConfigPath.Key(file)}", "not the name of a file such as memory.max");
        }
    }

    private static void CheckDevice(DeviceRule rule, string at)
    {
        SpecFault.WantOneOf($"{at}.type", "type of device", rule.Type ?? "", DeviceTypes);
        SpecFault.WantWithin($"{at}.major", rule.Major ?? -1, -1, DeviceNode.MaxMajor);
        SpecFault.WantWithin($"{at}.minor", rule.Minor ?? -1, -1, DeviceNode.MaxMinor);
        if (rule.Access is { } access && access.Any(letter => letter is not ('r' or 'w' or 'm')))
        {
            throw SpecFault.At($"{at}.access", $"want letters out of rwm, is {Quoted.Text(access)}");
        }
    }

    private static void CheckMemory(MemoryResources? memory, string at)
    {
        if (memory is null)
        {
            return;
        }

        SpecFault.WantWithin($"{at}.limit", memory.Limit ?? -1, -1, long.MaxValue);
        SpecFault.WantWithin($"{at}.reservation", memory.Reservation ?? -1, -1, long.MaxValue);
        SpecFault.WantWithin($"{at}.swap", memory.Swap ?? -1, -1, long.MaxValue);
        SpecFault.WantWithin($"{at}.kernel", memory.Kernel ?? -1, -1, long.MaxValue);
        SpecFault.WantWithin($"{at}.kernelTCP", memory.KernelTcp ?? -1, -1, long.MaxValue);
        SpecFault.WantWithin($"{at}.swappiness", (long)Math.Min(memory.Swappiness ?? 0, long.MaxValue), 0, MaxSwappiness);
        if (memory is { Limit: > 0, Swap: > 0 } && memory.Swap < memory.Limit)
        {
            throw SpecFault.At($"{at}.swap", $"memory and swap together, {memory.Swap}, are less than the memory, {memory.Limit}");
        }
    }

    /// <summary>0 is left for the kernel's choice.</summary>
    private static void CheckCpu(CpuResources? cpu, string at)
    {
        if (cpu is null)
        {
            return;
        }

        if (cpu.Period is > 0)
        {
            SpecFault.WantWithin($"{at}.period", (long)Math.Min(cpu.Period.Value, long.MaxValue), MinPeriod, MaxPeriod);
        }

        if (cpu.Quota is > 0)
        {
            SpecFault.WantWithin($"{at}.quota", cpu.Quota.Value, MinPeriod, long.MaxValue);
            _ = (cpu.Burst ?? 0) <= (ulong)cpu.Quota.Value
                ? true : throw SpecFault.At($"{at}.burst", $"{cpu.Burst} is above the quota {cpu.Quota}");
        }

        if (cpu.Cpus is { Length: > 0 } cpus)
        {
            SpecFault.WantNumberList($"{at}.cpus", cpus);
        }

        if (cpu.Mems is { Length: > 0 } nodes)
        {
            SpecFault.WantNumberList($"{at}.mems", nodes);
        }

        SpecFault.WantWithin($"{at}.idle", cpu.Idle ?? 0, 0, 1);
    }

    private static void CheckHugepages(IReadOnlyList<HugepageLimit>? limits, string at)
    {
        for (int i = 0; i < limits?.Count; i++)
        {
            string size = limits[i].PageSize;
            bool isSize = size is [>= '1' and <= '9', .., 'K' or 'M' or 'G', 'B'] && size[..^2].All(char.IsAsciiDigit);
            _ = isSize ? true : throw SpecFault.At($"{at}[{i}].pageSize", $"want a size such as 2MB, is {Quoted.Text(size)}");
        }
    }
}
