// SPDX-License-Identifier: Apache-2.0
using System.Buffers.Binary;

namespace Tare.Linux.Netlink;

/// <summary>An address of a network device that somebody gave it for good: permanent, of global scope.</summary>
/// <param name="Family">AF_INET or AF_INET6</param>
/// <param name="Prefix">bits of the network</param>
/// <param name="Attributes">address, peer, broadcast address, as the kernel has them</param>
/// <remarks>man rtnetlink(7), struct ifaddrmsg</remarks>
internal sealed record DeviceAddress(byte Family, byte Prefix, IReadOnlyDictionary<ushort, byte[]> Attributes)
{
    private const int BodyBytes = 8;
    private const byte IFA_F_PERMANENT = 0x80;
    private const byte RT_SCOPE_UNIVERSE = 0;
    private const ushort IFA_ADDRESS = 1;
    private const ushort IFA_LOCAL = 2;
    private const ushort IFA_BROADCAST = 4;
    private const ushort IFA_FLAGS = 8;

    /// <summary>Those of a device.</summary>
    public static List<DeviceAddress> Of(NetlinkSocket socket, NetworkDevice device)
    {
        List<DeviceAddress> found = [];
        var question = new NetlinkMessage(NetlinkMessage.RTM_GETADDR, NetlinkMessage.NLM_F_DUMP, new byte[BodyBytes]);
        foreach (byte[] answer in socket.Ask(question, device.Name))
        {
            if (answer.Length >= BodyBytes
                && BinaryPrimitives.ReadInt32LittleEndian(answer.AsSpan(4)) == device.Index
                && TryParse(answer) is { } address)
            {
                found.Add(address);
            }
        }

        return found;
    }

    /// <summary>Gives it to a device.</summary>
    /// <exception cref="LinuxException">EEXIST: it has it already</exception>
    public void AddTo(NetlinkSocket socket, NetworkDevice device)
    {
        Span<byte> body = stackalloc byte[BodyBytes];
        body[0] = Family;
        body[1] = Prefix;
        body[2] = IFA_F_PERMANENT;
        body[3] = RT_SCOPE_UNIVERSE;
        BinaryPrimitives.WriteInt32LittleEndian(body[4..], device.Index);
        const ushort Flags = NetlinkMessage.NLM_F_ACK | NetlinkMessage.NLM_F_CREATE | NetlinkMessage.NLM_F_EXCL;
        var change = new NetlinkMessage(NetlinkMessage.RTM_NEWADDR, Flags, body);
        foreach ((ushort type, byte[] value) in Attributes)
        {
            change.Add(type, value);
        }

        socket.Ask(change, $"address of {device.Name}");
    }

    /// <summary>Null for an address that is temporary, or for a smaller world than all.</summary>
    internal static DeviceAddress? TryParse(ReadOnlySpan<byte> answer)
    {
        Dictionary<ushort, byte[]> attributes = NetlinkMessage.Attributes(answer[BodyBytes..]);
        uint flags = attributes.TryGetValue(IFA_FLAGS, out byte[]? wide) && wide.Length == sizeof(uint)
            ? BinaryPrimitives.ReadUInt32LittleEndian(wide)
            : answer[2];
        return (flags & IFA_F_PERMANENT) != 0 && answer[3] == RT_SCOPE_UNIVERSE
            ? new(
                answer[0],
                answer[1],
                attributes.Where(each => each.Key is IFA_ADDRESS or IFA_LOCAL or IFA_BROADCAST).ToDictionary())
            : null;
    }
}
