// SPDX-License-Identifier: Apache-2.0
using Tare.Oci.Runtime.Reading;

namespace Tare.Engine.Networks;

/// <summary>Reads the documents of <see cref="NetworkJson"/> without the serializer, whose metadata takes a tenth of a start.</summary>
/// <remarks>Members in the order in which they are written. What is unusual is left to the serializer.</remarks>
internal static class NetworkReader
{
    /// <summary>Null when not sure of it.</summary>
    public static NetworkRecord? TryReadRecord(ReadOnlySpan<byte> bytes) => FastTokens.Document(bytes, ReadRecord);

    /// <inheritdoc cref="TryReadRecord"/>
    public static LiveNetworks? TryReadLive(ReadOnlySpan<byte> bytes) => FastTokens.Document(bytes, ReadLive);

    private static NetworkRecord ReadRecord(ref FastTokens t)
    {
        string? driver = null, device = null;
        IReadOnlyList<SubnetDocument>? subnets = null;
        bool isInternal = false, attachable = false, enableIPv6 = false;
        IReadOnlyDictionary<string, string>? options = null, labels = null;
        for (ulong seen = t.Object(); t.Member();)
        {
            if (t.Is("Driver"u8, ref seen)) driver = t.Text();
            else if (t.Is("Device"u8, ref seen)) device = t.Text();
            else if (t.Is("Subnets"u8, ref seen)) subnets = t.List(ReadSubnet);
            else if (t.Is("Internal"u8, ref seen)) isInternal = t.Flag();
            else if (t.Is("Attachable"u8, ref seen)) attachable = t.Flag();
            else if (t.Is("EnableIPv6"u8, ref seen)) enableIPv6 = t.Flag();
            else if (t.Is("Options"u8, ref seen)) options = t.TextMap();
            else if (t.Is("Labels"u8, ref seen)) labels = t.TextMap();
            else t.GiveUp();
        }

        return new(t.Need(driver), t.Need(device))
        {
            Subnets = subnets!,
            Internal = isInternal,
            Attachable = attachable,
            EnableIPv6 = enableIPv6,
            Options = options!,
            Labels = labels!,
        };
    }

    private static SubnetDocument ReadSubnet(ref FastTokens t)
    {
        string? subnet = null, gateway = null, range = null;
        IReadOnlyDictionary<string, string>? auxiliary = null;
        for (ulong seen = t.Object(); t.Member();)
        {
            if (t.Is("Subnet"u8, ref seen)) subnet = t.Text();
            else if (t.Is("Gateway"u8, ref seen)) gateway = t.Text();
            else if (t.Is("IPRange"u8, ref seen)) range = t.Text();
            else if (t.Is("AuxiliaryAddresses"u8, ref seen)) auxiliary = t.TextMap();
            else t.GiveUp();
        }

        return new(t.Need(subnet), t.Need(gateway)) { IPRange = range, AuxiliaryAddresses = auxiliary };
    }

    private static LiveNetworks ReadLive(ref FastTokens t)
    {
        IReadOnlyList<LiveEndpoint>? endpoints = null;
        IReadOnlyList<LivePort>? ports = null;
        IReadOnlyList<string>? upstreams = null;
        bool hasNameServer = false, isInternal = false;
        for (ulong seen = t.Object(); t.Member();)
        {
            if (t.Is("Endpoints"u8, ref seen)) endpoints = t.List(ReadEndpoint);
            else if (t.Is("Ports"u8, ref seen)) ports = t.List(ReadPort);
            else if (t.Is("HasNameServer"u8, ref seen)) hasNameServer = t.Flag();
            else if (t.Is("Upstreams"u8, ref seen)) upstreams = t.Texts();
            else if (t.Is("IsInternal"u8, ref seen)) isInternal = t.Flag();
            else t.GiveUp();
        }

        return new()
        {
            Endpoints = endpoints!,
            Ports = ports!,
            HasNameServer = hasNameServer,
            Upstreams = upstreams!,
            IsInternal = isInternal,
        };
    }

    private static LiveEndpoint ReadEndpoint(ref FastTokens t)
    {
        string? network = null, name = null, id = null, driver = null, device = null, inside = null, mac = null;
        IReadOnlyList<LiveAddress>? addresses = null;
        IReadOnlyList<string>? aliases = null;
        bool isDefaultRoute = false;
        for (ulong seen = t.Object(); t.Member();)
        {
            if (t.Is("Network"u8, ref seen)) network = t.Text();
            else if (t.Is("Name"u8, ref seen)) name = t.Text();
            else if (t.Is("Id"u8, ref seen)) id = t.Text();
            else if (t.Is("Driver"u8, ref seen)) driver = t.Text();
            else if (t.Is("Device"u8, ref seen)) device = t.Text();
            else if (t.Is("Inside"u8, ref seen)) inside = t.Text();
            else if (t.Is("Mac"u8, ref seen)) mac = t.Text();
            else if (t.Is("Addresses"u8, ref seen)) addresses = t.List(ReadAddress);
            else if (t.Is("Aliases"u8, ref seen)) aliases = t.Texts();
            else if (t.Is("IsDefaultRoute"u8, ref seen)) isDefaultRoute = t.Flag();
            else t.GiveUp();
        }

        return new(t.Need(network), t.Need(name), t.Need(id), t.Need(driver), t.Need(device), t.Need(inside), t.Need(mac))
        {
            Addresses = addresses!,
            Aliases = aliases!,
            IsDefaultRoute = isDefaultRoute,
        };
    }

    private static LiveAddress ReadAddress(ref FastTokens t)
    {
        string? address = null, gateway = null;
        int prefix = 0;
        for (ulong seen = t.Object(); t.Member();)
        {
            if (t.Is("Address"u8, ref seen)) address = t.Text();
            else if (t.Is("Prefix"u8, ref seen)) prefix = t.Int32();
            else if (t.Is("Gateway"u8, ref seen)) gateway = t.Text();
            else t.GiveUp();
        }

        return new(t.Need(address), prefix, t.Need(gateway));
    }

    private static LivePort ReadPort(ref FastTokens t)
    {
        string? protocol = null, hostAddress = null, target = null;
        int hostPort = 0, targetPort = 0;
        bool behindFirewall = false;
        for (ulong seen = t.Object(); t.Member();)
        {
            if (t.Is("Protocol"u8, ref seen)) protocol = t.Text();
            else if (t.Is("HostAddress"u8, ref seen)) hostAddress = t.Text();
            else if (t.Is("HostPort"u8, ref seen)) hostPort = t.Int32();
            else if (t.Is("Target"u8, ref seen)) target = t.Text();
            else if (t.Is("TargetPort"u8, ref seen)) targetPort = t.Int32();
            else if (t.Is("BehindFirewall"u8, ref seen)) behindFirewall = t.Flag();
            else if (t.Is("Id"u8, ref seen)) t.Skip();
            else t.GiveUp();
        }

        return new(t.Need(protocol), t.Need(hostAddress), hostPort, t.Need(target), targetPort) { BehindFirewall = behindFirewall };
    }
}
