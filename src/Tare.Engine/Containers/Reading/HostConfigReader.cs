// SPDX-License-Identifier: Apache-2.0
using Tare.Engine.Inspect;
using Tare.Oci.Runtime.Reading;

namespace Tare.Engine.Containers.Reading;

/// <summary>Reads a <see cref="HostConfigDocument"/>, see <see cref="RecordReader"/>.</summary>
internal static class HostConfigReader
{
    /// <summary>The settings that concern the host.</summary>
    public static HostConfigDocument ReadHostConfig(ref FastTokens t)
    {
        Reach reach = default;
        Walls walls = default;
        Bounds bounds = default;
        for (ulong seen = t.Object(); t.Member();)
        {
            if (!reach.Take(ref t, ref seen) && !walls.Take(ref t, ref seen) && !bounds.Take(ref t, ref seen))
            {
                t.GiveUp();
            }
        }

        HostConfigDocument made = new()
        {
            NetworkMode = t.Need(reach.NetworkMode),
            ConsoleSize = t.Need(reach.ConsoleSize),
            MaskedPaths = t.Need(bounds.MaskedPaths),
            ReadonlyPaths = t.Need(bounds.ReadonlyPaths),
        };
        return bounds.Fill(walls.Fill(reach.Fill(made)));
    }

    private struct Reach
    {
        public IReadOnlyList<string>? Binds;
        public string? ContainerIDFile;
        public LogConfigDocument? LogConfig;
        public string? NetworkMode;
        public IReadOnlyDictionary<string, IReadOnlyList<PortBindingDocument>>? PortBindings;
        public bool PublishAllPorts;
        public IReadOnlyList<string>? Dns;
        public IReadOnlyList<string>? DnsOptions;
        public IReadOnlyList<string>? DnsSearch;
        public IReadOnlyList<string>? Links;
        public bool AutoRemove;
        public IReadOnlyList<int>? ConsoleSize;
        public IReadOnlyList<string>? CapAdd;
        public IReadOnlyList<string>? CapDrop;
        public string? CgroupnsMode;
        public IReadOnlyList<string>? ExtraHosts;

        /// <summary>False when the member is none of these.</summary>
        public bool Take(ref FastTokens t, ref ulong seen)
        {
            if (t.Is("Binds"u8, ref seen)) Binds = t.Texts();
            else if (t.Is("ContainerIDFile"u8, ref seen)) ContainerIDFile = t.Text();
            else if (t.Is("LogConfig"u8, ref seen)) LogConfig = ReadLogConfig(ref t);
            else if (t.Is("NetworkMode"u8, ref seen)) NetworkMode = t.Text();
            else if (t.Is("PortBindings"u8, ref seen)) PortBindings = t.Map(static (ref t) => t.List(ReadPortBinding));
            else if (t.Is("PublishAllPorts"u8, ref seen)) PublishAllPorts = t.Flag();
            else if (t.Is("Dns"u8, ref seen)) Dns = t.Texts();
            else if (t.Is("DnsOptions"u8, ref seen)) DnsOptions = t.Texts();
            else if (t.Is("DnsSearch"u8, ref seen)) DnsSearch = t.Texts();
            else if (t.Is("Links"u8, ref seen)) Links = t.Texts();
            else if (t.Is("AutoRemove"u8, ref seen)) AutoRemove = t.Flag();
            else if (t.Is("ConsoleSize"u8, ref seen)) ConsoleSize = t.List(static (ref t) => t.Int32());
            else if (t.Is("CapAdd"u8, ref seen)) CapAdd = t.Texts();
            else if (t.Is("CapDrop"u8, ref seen)) CapDrop = t.Texts();
            else if (t.Is("CgroupnsMode"u8, ref seen)) CgroupnsMode = t.Text();
            else if (t.Is("ExtraHosts"u8, ref seen)) ExtraHosts = t.Texts();
            else return false;
            return true;
        }

        public readonly HostConfigDocument Fill(HostConfigDocument made) => made with
        {
            Binds = Binds,
            ContainerIDFile = ContainerIDFile!,
            LogConfig = LogConfig,
            PortBindings = PortBindings,
            PublishAllPorts = PublishAllPorts,
            Dns = Dns,
            DnsOptions = DnsOptions,
            DnsSearch = DnsSearch,
            Links = Links,
            AutoRemove = AutoRemove,
            CapAdd = CapAdd,
            CapDrop = CapDrop,
            CgroupnsMode = CgroupnsMode!,
            ExtraHosts = ExtraHosts,
        };
    }

    private struct Walls
    {
        public IReadOnlyList<string>? GroupAdd;
        public string? IpcMode;
        public string? PidMode;
        public bool Privileged;
        public bool ReadonlyRootfs;
        public IReadOnlyList<string>? SecurityOpt;
        public string? UTSMode;
        public string? UsernsMode;
        public long ShmSize;
        public IReadOnlyDictionary<string, string>? Tmpfs;
        public IReadOnlyDictionary<string, string>? Sysctls;
        public string? Runtime;

        /// <summary>False when the member is none of these.</summary>
        public bool Take(ref FastTokens t, ref ulong seen)
        {
            if (t.Is("GroupAdd"u8, ref seen)) GroupAdd = t.Texts();
            else if (t.Is("IpcMode"u8, ref seen)) IpcMode = t.Text();
            else if (t.Is("PidMode"u8, ref seen)) PidMode = t.Text();
            else if (t.Is("Privileged"u8, ref seen)) Privileged = t.Flag();
            else if (t.Is("ReadonlyRootfs"u8, ref seen)) ReadonlyRootfs = t.Flag();
            else if (t.Is("SecurityOpt"u8, ref seen)) SecurityOpt = t.Texts();
            else if (t.Is("UTSMode"u8, ref seen)) UTSMode = t.Text();
            else if (t.Is("UsernsMode"u8, ref seen)) UsernsMode = t.Text();
            else if (t.Is("ShmSize"u8, ref seen)) ShmSize = t.Int64();
            else if (t.Is("Tmpfs"u8, ref seen)) Tmpfs = t.TextMap();
            else if (t.Is("Sysctls"u8, ref seen)) Sysctls = t.TextMap();
            else if (t.Is("Runtime"u8, ref seen)) Runtime = t.Text();
            else return false;
            return true;
        }

        public readonly HostConfigDocument Fill(HostConfigDocument made) => made with
        {
            GroupAdd = GroupAdd,
            IpcMode = IpcMode!,
            PidMode = PidMode!,
            Privileged = Privileged,
            ReadonlyRootfs = ReadonlyRootfs,
            SecurityOpt = SecurityOpt,
            UTSMode = UTSMode!,
            UsernsMode = UsernsMode!,
            ShmSize = ShmSize,
            Tmpfs = Tmpfs,
            Sysctls = Sysctls,
            Runtime = Runtime!,
        };
    }

    private struct Bounds
    {
        public long CpuShares;
        public long Memory;
        public long NanoCpus;
        public string? CgroupParent;
        public long BlkioWeight;
        public long CpuPeriod;
        public long CpuQuota;
        public string? CpusetCpus;
        public string? CpusetMems;
        public long MemoryReservation;
        public long MemorySwap;
        public long PidsLimit;
        public IReadOnlyList<UlimitDocument>? Ulimits;
        public bool? Init;
        public IReadOnlyList<string>? MaskedPaths;
        public IReadOnlyList<string>? ReadonlyPaths;

        /// <summary>False when the member is none of these.</summary>
        public bool Take(ref FastTokens t, ref ulong seen)
        {
            if (t.Is("CpuShares"u8, ref seen)) CpuShares = t.Int64();
            else if (t.Is("Memory"u8, ref seen)) Memory = t.Int64();
            else if (t.Is("NanoCpus"u8, ref seen)) NanoCpus = t.Int64();
            else if (t.Is("CgroupParent"u8, ref seen)) CgroupParent = t.Text();
            else if (t.Is("BlkioWeight"u8, ref seen)) BlkioWeight = t.Int64();
            else if (t.Is("CpuPeriod"u8, ref seen)) CpuPeriod = t.Int64();
            else if (t.Is("CpuQuota"u8, ref seen)) CpuQuota = t.Int64();
            else if (t.Is("CpusetCpus"u8, ref seen)) CpusetCpus = t.Text();
            else if (t.Is("CpusetMems"u8, ref seen)) CpusetMems = t.Text();
            else if (t.Is("MemoryReservation"u8, ref seen)) MemoryReservation = t.Int64();
            else if (t.Is("MemorySwap"u8, ref seen)) MemorySwap = t.Int64();
            else if (t.Is("PidsLimit"u8, ref seen)) PidsLimit = t.Int64();
            else if (t.Is("Ulimits"u8, ref seen)) Ulimits = t.List(ReadUlimit);
            else if (t.Is("Init"u8, ref seen)) Init = t.Flag();
            else if (t.Is("MaskedPaths"u8, ref seen)) MaskedPaths = t.Texts();
            else if (t.Is("ReadonlyPaths"u8, ref seen)) ReadonlyPaths = t.Texts();
            else return false;
            return true;
        }

        public readonly HostConfigDocument Fill(HostConfigDocument made) => made with
        {
            CpuShares = CpuShares,
            Memory = Memory,
            NanoCpus = NanoCpus,
            CgroupParent = CgroupParent!,
            BlkioWeight = BlkioWeight,
            CpuPeriod = CpuPeriod,
            CpuQuota = CpuQuota,
            CpusetCpus = CpusetCpus!,
            CpusetMems = CpusetMems!,
            MemoryReservation = MemoryReservation,
            MemorySwap = MemorySwap,
            PidsLimit = PidsLimit,
            Ulimits = Ulimits,
            Init = Init,
        };
    }

    private static LogConfigDocument ReadLogConfig(ref FastTokens t)
    {
        string? type = null;
        Dictionary<string, string>? config = null;
        for (ulong seen = t.Object(); t.Member();)
        {
            if (t.Is("Type"u8, ref seen)) type = t.Text();
            else if (t.Is("Config"u8, ref seen)) config = new(t.TextMap());
            else t.GiveUp();
        }

        return new(t.Need(type), t.Need(config));
    }

    private static PortBindingDocument ReadPortBinding(ref FastTokens t)
    {
        string? hostIp = null, hostPort = null, portsMode = null;
        for (ulong seen = t.Object(); t.Member();)
        {
            if (t.Is("HostIp"u8, ref seen)) hostIp = t.Text();
            else if (t.Is("HostPort"u8, ref seen)) hostPort = t.Text();
            else if (t.Is("PortsMode"u8, ref seen)) portsMode = t.Text();
            else t.GiveUp();
        }

        return new(t.Need(hostIp), t.Need(hostPort), portsMode);
    }

    private static UlimitDocument ReadUlimit(ref FastTokens t)
    {
        string? name = null;
        long hard = 0, soft = 0;
        for (ulong seen = t.Object(); t.Member();)
        {
            if (t.Is("Name"u8, ref seen)) name = t.Text();
            else if (t.Is("Hard"u8, ref seen)) hard = t.Int64();
            else if (t.Is("Soft"u8, ref seen)) soft = t.Int64();
            else t.GiveUp();
        }

        return new(t.Need(name), hard, soft);
    }
}
