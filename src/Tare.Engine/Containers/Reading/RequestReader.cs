// SPDX-License-Identifier: Apache-2.0
using Tare.Engine.Configuration;
using Tare.Engine.Networks;
using Tare.Oci.Runtime.Reading;

namespace Tare.Engine.Containers.Reading;

/// <summary>Reads a <see cref="RunRequest"/>, see <see cref="RecordReader"/>.</summary>
internal static class RequestReader
{
    /// <summary>What was asked.</summary>
    public static RunRequest ReadRequest(ref FastTokens t)
    {
        Program program = default;
        Bounds bounds = default;
        Surroundings around = default;
        for (ulong seen = t.Object(); t.Member();)
        {
            if (!program.Take(ref t, ref seen) && !bounds.Take(ref t, ref seen) && !around.Take(ref t, ref seen))
            {
                t.GiveUp();
            }
        }

        RunRequest made = new()
        {
            Image = t.Need(program.Image),
        };
        return around.Fill(bounds.Fill(program.Fill(made)));
    }

    private struct Program
    {
        public string? Image;
        public IReadOnlyList<string>? Command;
        public string? Entrypoint;
        public bool Interactive;
        public bool Tty;
        public bool AttachStdin;
        public bool AttachStdout;
        public bool AttachStderr;
        public bool AutoRemove;
        public string? Name;
        public IReadOnlyList<string>? Environment;
        public string? WorkingDirectory;
        public string? User;
        public IReadOnlyList<string>? Groups;
        public string? Hostname;
        public IReadOnlyList<MountRequest>? Mounts;
        public IReadOnlyList<DeviceRequest>? Devices;

        /// <summary>False when the member is none of these.</summary>
        public bool Take(ref FastTokens t, ref ulong seen)
        {
            if (t.Is("Image"u8, ref seen)) Image = t.Text();
            else if (t.Is("Command"u8, ref seen)) Command = t.Texts();
            else if (t.Is("Entrypoint"u8, ref seen)) Entrypoint = t.Text();
            else if (t.Is("Interactive"u8, ref seen)) Interactive = t.Flag();
            else if (t.Is("Tty"u8, ref seen)) Tty = t.Flag();
            else if (t.Is("AttachStdin"u8, ref seen)) AttachStdin = t.Flag();
            else if (t.Is("AttachStdout"u8, ref seen)) AttachStdout = t.Flag();
            else if (t.Is("AttachStderr"u8, ref seen)) AttachStderr = t.Flag();
            else if (t.Is("AutoRemove"u8, ref seen)) AutoRemove = t.Flag();
            else if (t.Is("Name"u8, ref seen)) Name = t.Text();
            else if (t.Is("Environment"u8, ref seen)) Environment = t.Texts();
            else if (t.Is("WorkingDirectory"u8, ref seen)) WorkingDirectory = t.Text();
            else if (t.Is("User"u8, ref seen)) User = t.Text();
            else if (t.Is("Groups"u8, ref seen)) Groups = t.Texts();
            else if (t.Is("Hostname"u8, ref seen)) Hostname = t.Text();
            else if (t.Is("Mounts"u8, ref seen)) Mounts = t.List(AttachmentReader.ReadMount);
            else if (t.Is("Devices"u8, ref seen)) Devices = t.List(AttachmentReader.ReadDevice);
            else return false;
            return true;
        }

        public readonly RunRequest Fill(RunRequest made) => made with
        {
            Command = Command!,
            Entrypoint = Entrypoint,
            Interactive = Interactive,
            Tty = Tty,
            AttachStdin = AttachStdin,
            AttachStdout = AttachStdout,
            AttachStderr = AttachStderr,
            AutoRemove = AutoRemove,
            Name = Name,
            Environment = Environment!,
            WorkingDirectory = WorkingDirectory,
            User = User,
            Groups = Groups!,
            Hostname = Hostname,
            Mounts = Mounts!,
            Devices = Devices!,
        };
    }

    private struct Bounds
    {
        public bool ReadOnly;
        public IReadOnlyList<string>? CapabilitiesAdded;
        public IReadOnlyList<string>? CapabilitiesDropped;
        public bool Privileged;
        public IReadOnlyList<string>? SecurityOptions;
        public IReadOnlyList<UlimitRequest>? Ulimits;
        public long? Memory;
        public long? MemorySwap;
        public long? MemoryReservation;
        public long? NanoCpus;
        public long? CpuShares;
        public long? CpuQuota;
        public long? CpuPeriod;
        public string? CpusetCpus;
        public string? CpusetMems;
        public long? BlkioWeight;
        public long? PidsLimit;
        public string? CgroupParent;
        public long ShmSize;
        public IReadOnlyDictionary<string, string>? Sysctls;

        /// <summary>False when the member is none of these.</summary>
        public bool Take(ref FastTokens t, ref ulong seen)
        {
            if (t.Is("ReadOnly"u8, ref seen)) ReadOnly = t.Flag();
            else if (t.Is("CapabilitiesAdded"u8, ref seen)) CapabilitiesAdded = t.Texts();
            else if (t.Is("CapabilitiesDropped"u8, ref seen)) CapabilitiesDropped = t.Texts();
            else if (t.Is("Privileged"u8, ref seen)) Privileged = t.Flag();
            else if (t.Is("SecurityOptions"u8, ref seen)) SecurityOptions = t.Texts();
            else if (t.Is("Ulimits"u8, ref seen)) Ulimits = t.List(AttachmentReader.ReadUlimit);
            else if (t.Is("Memory"u8, ref seen)) Memory = t.Int64();
            else if (t.Is("MemorySwap"u8, ref seen)) MemorySwap = t.Int64();
            else if (t.Is("MemoryReservation"u8, ref seen)) MemoryReservation = t.Int64();
            else if (t.Is("NanoCpus"u8, ref seen)) NanoCpus = t.Int64();
            else if (t.Is("CpuShares"u8, ref seen)) CpuShares = t.Int64();
            else if (t.Is("CpuQuota"u8, ref seen)) CpuQuota = t.Int64();
            else if (t.Is("CpuPeriod"u8, ref seen)) CpuPeriod = t.Int64();
            else if (t.Is("CpusetCpus"u8, ref seen)) CpusetCpus = t.Text();
            else if (t.Is("CpusetMems"u8, ref seen)) CpusetMems = t.Text();
            else if (t.Is("BlkioWeight"u8, ref seen)) BlkioWeight = t.Int64();
            else if (t.Is("PidsLimit"u8, ref seen)) PidsLimit = t.Int64();
            else if (t.Is("CgroupParent"u8, ref seen)) CgroupParent = t.Text();
            else if (t.Is("ShmSize"u8, ref seen)) ShmSize = t.Int64();
            else if (t.Is("Sysctls"u8, ref seen)) Sysctls = t.TextMap();
            else return false;
            return true;
        }

        public readonly RunRequest Fill(RunRequest made) => made with
        {
            ReadOnly = ReadOnly,
            CapabilitiesAdded = CapabilitiesAdded!,
            CapabilitiesDropped = CapabilitiesDropped!,
            Privileged = Privileged,
            SecurityOptions = SecurityOptions!,
            Ulimits = Ulimits!,
            Memory = Memory,
            MemorySwap = MemorySwap,
            MemoryReservation = MemoryReservation,
            NanoCpus = NanoCpus,
            CpuShares = CpuShares,
            CpuQuota = CpuQuota,
            CpuPeriod = CpuPeriod,
            CpusetCpus = CpusetCpus,
            CpusetMems = CpusetMems,
            BlkioWeight = BlkioWeight,
            PidsLimit = PidsLimit,
            CgroupParent = CgroupParent,
            ShmSize = ShmSize,
            Sysctls = Sysctls!,
        };
    }

    private struct Surroundings
    {
        public string? Network;
        public IReadOnlyList<NetworkAttachment>? Networks;
        public IReadOnlyList<PortRequest>? Ports;
        public IReadOnlyList<string>? Exposed;
        public bool PublishAll;
        public IReadOnlyList<string>? Dns;
        public IReadOnlyList<string>? DnsOptions;
        public IReadOnlyList<string>? DnsSearch;
        public IReadOnlyList<string>? ExtraHosts;
        public IReadOnlyList<string>? Links;
        public string? Domainname;
        public string? UserNamespace;
        public bool? Init;
        public string? StopSignal;
        public int? StopTimeout;
        public string? LogDriver;
        public IReadOnlyDictionary<string, string>? LogOptions;
        public LogConfiguration? Log;
        public IReadOnlyDictionary<string, string>? Labels;
        public string? Platform;
        public PullPolicy Pull;
        public bool Quiet;
        public string? CidFile;

        /// <summary>False when the member is none of these.</summary>
        public bool Take(ref FastTokens t, ref ulong seen)
        {
            if (t.Is("Network"u8, ref seen)) Network = t.Text();
            else if (t.Is("Networks"u8, ref seen)) Networks = t.List(AttachmentReader.ReadNetwork);
            else if (t.Is("Ports"u8, ref seen)) Ports = t.List(AttachmentReader.ReadPort);
            else if (t.Is("Exposed"u8, ref seen)) Exposed = t.Texts();
            else if (t.Is("PublishAll"u8, ref seen)) PublishAll = t.Flag();
            else if (t.Is("Dns"u8, ref seen)) Dns = t.Texts();
            else if (t.Is("DnsOptions"u8, ref seen)) DnsOptions = t.Texts();
            else if (t.Is("DnsSearch"u8, ref seen)) DnsSearch = t.Texts();
            else if (t.Is("ExtraHosts"u8, ref seen)) ExtraHosts = t.Texts();
            else if (t.Is("Links"u8, ref seen)) Links = t.Texts();
            else if (t.Is("Domainname"u8, ref seen)) Domainname = t.Text();
            else if (t.Is("UserNamespace"u8, ref seen)) UserNamespace = t.Text();
            else if (t.Is("Init"u8, ref seen)) Init = t.Flag();
            else if (t.Is("StopSignal"u8, ref seen)) StopSignal = t.Text();
            else if (t.Is("StopTimeout"u8, ref seen)) StopTimeout = t.Int32();
            else if (t.Is("LogDriver"u8, ref seen)) LogDriver = t.Text();
            else if (t.Is("LogOptions"u8, ref seen)) LogOptions = t.TextMap();
            else if (t.Is("Log"u8, ref seen)) Log = ReadLog(ref t);
            else if (t.Is("Labels"u8, ref seen)) Labels = t.TextMap();
            else if (t.Is("Platform"u8, ref seen)) Platform = t.Text();
            else if (t.Is("Pull"u8, ref seen)) Pull = (PullPolicy)t.Int32();
            else if (t.Is("Quiet"u8, ref seen)) Quiet = t.Flag();
            else if (t.Is("CidFile"u8, ref seen)) CidFile = t.Text();
            else return false;
            return true;
        }

        public readonly RunRequest Fill(RunRequest made) => made with
        {
            Network = Network,
            Networks = Networks!,
            Ports = Ports!,
            Exposed = Exposed!,
            PublishAll = PublishAll,
            Dns = Dns!,
            DnsOptions = DnsOptions!,
            DnsSearch = DnsSearch!,
            ExtraHosts = ExtraHosts!,
            Links = Links!,
            Domainname = Domainname,
            UserNamespace = UserNamespace,
            Init = Init,
            StopSignal = StopSignal,
            StopTimeout = StopTimeout,
            LogDriver = LogDriver,
            LogOptions = LogOptions!,
            Log = Log,
            Labels = Labels!,
            Platform = Platform,
            Pull = Pull,
            Quiet = Quiet,
            CidFile = CidFile,
        };
    }

    /// <summary>What is kept of the output.</summary>
    public static LogConfiguration ReadLog(ref FastTokens t)
    {
        bool enabled = false, compress = false;
        long maxBytes = 0;
        int maxFiles = 0;
        IReadOnlyList<string>? labels = null, env = null;
        string? labelsRegex = null, envRegex = null, tag = null;
        for (ulong seen = t.Object(); t.Member();)
        {
            if (t.Is("Enabled"u8, ref seen)) enabled = t.Flag();
            else if (t.Is("MaxBytes"u8, ref seen)) maxBytes = t.Int64();
            else if (t.Is("MaxFiles"u8, ref seen)) maxFiles = t.Int32();
            else if (t.Is("Labels"u8, ref seen)) labels = t.Texts();
            else if (t.Is("Env"u8, ref seen)) env = t.Texts();
            else if (t.Is("Compress"u8, ref seen)) compress = t.Flag();
            else if (t.Is("LabelsRegex"u8, ref seen)) labelsRegex = t.Text();
            else if (t.Is("EnvRegex"u8, ref seen)) envRegex = t.Text();
            else if (t.Is("Tag"u8, ref seen)) tag = t.Text();
            else if (t.Is("Driver"u8, ref seen)) t.Skip();
            else t.GiveUp();
        }

        return new(enabled, maxBytes, maxFiles, labels, env, compress, labelsRegex, envRegex, tag);
    }
}
