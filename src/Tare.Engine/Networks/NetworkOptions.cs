// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using Tare.Network;
using Tare.Oci;

namespace Tare.Engine.Networks;

/// <summary>The options of networks (<c>-o</c>) that mean something to us; others are kept and shown, as docker does.</summary>
internal static class NetworkOptions
{
    public const string BridgeName = "com.docker.network.bridge.name";
    public const string Masquerade = "com.docker.network.bridge.enable_ip_masquerade";
    public const string Icc = "com.docker.network.bridge.enable_icc";
    public const string HostBinding = "com.docker.network.bridge.host_binding_ipv4";
    public const string Mtu = "com.docker.network.driver.mtu";
    public const string Parent = "parent";
    public const string MacvlanMode = "macvlan_mode";
    public const string IpvlanMode = "ipvlan_mode";
    private const string GatewayModeV4 = "com.docker.network.bridge.gateway_mode_ipv4";
    private const string GatewayModeV6 = "com.docker.network.bridge.gateway_mode_ipv6";
    private const int MinMtu = 68;
    private const int MaxMtu = 65535;

    /// <summary>linux/if_link.h, MACVLAN_MODE_*</summary>
    private static readonly Dictionary<string, int> MacvlanModes = new(StringComparer.Ordinal)
    {
        ["private"] = 1,
        ["vepa"] = 2,
        ["bridge"] = 4,
        ["passthru"] = 8,
    };

    /// <summary>linux/if_link.h, IPVLAN_MODE_*</summary>
    private static readonly Dictionary<string, int> IpvlanModes = new(StringComparer.Ordinal)
    {
        ["l2"] = 0,
        ["l3"] = 1,
        ["l3s"] = 2,
    };

    /// <summary>Those that docker shows of its default network, from which scripts learn the name of its device.</summary>
    public static IReadOnlyDictionary<string, string> OfDefault(string device) => new Dictionary<string, string>
    {
        ["com.docker.network.bridge.default_bridge"] = "true",
        [Icc] = "true",
        [Masquerade] = "true",
        [BridgeName] = device,
    };

    /// <summary>Throws for a value that its option does not take.</summary>
    /// <exception cref="TareException">InvalidArgument; NotSupported</exception>
    public static void Check(string driver, IReadOnlyDictionary<string, string> options)
    {
        foreach ((string name, string value) in options)
        {
            bool isFine = name switch
            {
                Masquerade or Icc => TryFlag(value, out _),
                Mtu => int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out int mtu) && mtu is >= MinMtu and <= MaxMtu,
                HostBinding => AddressText.TryParse(value, out _),
                MacvlanMode => MacvlanModes.ContainsKey(value),
                IpvlanMode => IpvlanModes.ContainsKey(value),
                _ => true,
            };
            if (!isFine)
            {
                throw new TareException(ErrorKind.InvalidArgument, $"invalid value for option {name}: {Quoted.Text(value)}");
            }

            if (name is GatewayModeV4 or GatewayModeV6 && value is not ("" or "nat"))
            {
                throw new TareException(ErrorKind.NotSupported, $"option {name}={value}: only nat is there");
            }
        }

        if (driver != NetworkPlan.Bridge && !options.ContainsKey(Parent))
        {
            throw new TareException(
                ErrorKind.InvalidArgument, $"a {driver} network needs a parent device", $"tare network create -d {driver} -o parent=eth0 …");
        }
    }

    public static bool Flag(IReadOnlyDictionary<string, string> options, string name, bool otherwise) =>
        options.TryGetValue(name, out string? text) && TryFlag(text, out bool value) ? value : otherwise;

    /// <summary>The kernel's number.</summary>
    public static int Mode(string driver, IReadOnlyDictionary<string, string> options) => driver switch
    {
        NetworkPlan.Macvlan => MacvlanModes[options.GetValueOrDefault(MacvlanMode, "bridge")],
        NetworkPlan.Ipvlan => IpvlanModes[options.GetValueOrDefault(IpvlanMode, "l2")],
        _ => 0,
    };

    private static bool TryFlag(string text, out bool value)
    {
        bool? said = GoBoolean.Parse(text);
        value = said == true;
        return said is not null;
    }
}
