// SPDX-License-Identifier: Apache-2.0
using Tare.Engine.Configuration;
using Tare.Engine.Networks;
using Tare.Oci.Runtime.Reading;

namespace Tare.Engine.Containers.Reading;

/// <summary>Reads what a <see cref="RunRequest"/> has lists of, see <see cref="RecordReader"/>.</summary>
internal static class AttachmentReader
{
    /// <summary>A bind, a volume, a tmpfs.</summary>
    public static MountRequest ReadMount(ref FastTokens t)
    {
        MountKind kind = default;
        string? source = null, target = null, propagation = null, bindText = null;
        bool readOnly = false, createsSource = false, nonRecursive = false, noCopy = false;
        long? tmpfsSize = null;
        uint? tmpfsMode = null;
        IReadOnlyList<string>? tmpfsOptions = null;
        for (ulong seen = t.Object(); t.Member();)
        {
            if (t.Is("Kind"u8, ref seen)) kind = (MountKind)t.Int32();
            else if (t.Is("Source"u8, ref seen)) source = t.Text();
            else if (t.Is("Target"u8, ref seen)) target = t.Text();
            else if (t.Is("ReadOnly"u8, ref seen)) readOnly = t.Flag();
            else if (t.Is("CreatesSource"u8, ref seen)) createsSource = t.Flag();
            else if (t.Is("NonRecursive"u8, ref seen)) nonRecursive = t.Flag();
            else if (t.Is("Propagation"u8, ref seen)) propagation = t.Text();
            else if (t.Is("NoCopy"u8, ref seen)) noCopy = t.Flag();
            else if (t.Is("TmpfsSize"u8, ref seen)) tmpfsSize = t.Int64();
            else if (t.Is("TmpfsMode"u8, ref seen)) tmpfsMode = t.UInt32();
            else if (t.Is("TmpfsOptions"u8, ref seen)) tmpfsOptions = t.Texts();
            else if (t.Is("BindText"u8, ref seen)) bindText = t.Text();
            else t.GiveUp();
        }

        return new(kind, source, t.Need(target))
        {
            ReadOnly = readOnly,
            CreatesSource = createsSource,
            NonRecursive = nonRecursive,
            Propagation = propagation,
            NoCopy = noCopy,
            TmpfsSize = tmpfsSize,
            TmpfsMode = tmpfsMode,
            TmpfsOptions = tmpfsOptions!,
            BindText = bindText,
        };
    }

    /// <summary>A device.</summary>
    public static DeviceRequest ReadDevice(ref FastTokens t)
    {
        string? source = null, target = null, access = null;
        for (ulong seen = t.Object(); t.Member();)
        {
            if (t.Is("Source"u8, ref seen)) source = t.Text();
            else if (t.Is("Target"u8, ref seen)) target = t.Text();
            else if (t.Is("Access"u8, ref seen)) access = t.Text();
            else t.GiveUp();
        }

        return new(t.Need(source), t.Need(target), t.Need(access));
    }

    /// <summary>A limit.</summary>
    public static UlimitRequest ReadUlimit(ref FastTokens t)
    {
        string? name = null;
        long soft = 0, hard = 0;
        for (ulong seen = t.Object(); t.Member();)
        {
            if (t.Is("Name"u8, ref seen)) name = t.Text();
            else if (t.Is("Soft"u8, ref seen)) soft = t.Int64();
            else if (t.Is("Hard"u8, ref seen)) hard = t.Int64();
            else t.GiveUp();
        }

        return new(t.Need(name), soft, hard);
    }

    /// <summary>A network.</summary>
    public static NetworkAttachment ReadNetwork(ref FastTokens t)
    {
        string? network = null, ip = null, ip6 = null, mac = null;
        IReadOnlyList<string>? aliases = null;
        int gatewayPriority = 0;
        IReadOnlyDictionary<string, string>? driverOptions = null;
        for (ulong seen = t.Object(); t.Member();)
        {
            if (t.Is("Network"u8, ref seen)) network = t.Text();
            else if (t.Is("Aliases"u8, ref seen)) aliases = t.Texts();
            else if (t.Is("Ip"u8, ref seen)) ip = t.Text();
            else if (t.Is("Ip6"u8, ref seen)) ip6 = t.Text();
            else if (t.Is("Mac"u8, ref seen)) mac = t.Text();
            else if (t.Is("GatewayPriority"u8, ref seen)) gatewayPriority = t.Int32();
            else if (t.Is("DriverOptions"u8, ref seen)) driverOptions = t.TextMap();
            else t.GiveUp();
        }

        return new(t.Need(network))
        {
            Aliases = aliases!,
            Ip = ip,
            Ip6 = ip6,
            Mac = mac,
            GatewayPriority = gatewayPriority,
            DriverOptions = driverOptions!,
        };
    }

    /// <summary>A port.</summary>
    public static PortRequest ReadPort(ref FastTokens t)
    {
        string? protocol = null, hostAddress = null;
        int targetPort = 0, hostPort = 0, lastHostPort = 0;
        PortsMode? mode = null;
        for (ulong seen = t.Object(); t.Member();)
        {
            if (t.Is("Protocol"u8, ref seen)) protocol = t.Text();
            else if (t.Is("TargetPort"u8, ref seen)) targetPort = t.Int32();
            else if (t.Is("HostAddress"u8, ref seen)) hostAddress = t.Text();
            else if (t.Is("HostPort"u8, ref seen)) hostPort = t.Int32();
            else if (t.Is("LastHostPort"u8, ref seen)) lastHostPort = t.Int32();
            else if (t.Is("Mode"u8, ref seen)) mode = (PortsMode)t.Int32();
            else t.GiveUp();
        }

        return new(t.Need(protocol), targetPort)
        {
            HostAddress = hostAddress,
            HostPort = hostPort,
            LastHostPort = lastHostPort,
            Mode = mode,
        };
    }
}
