// SPDX-License-Identifier: Apache-2.0
using System.Net;
using System.Net.Sockets;
using Tare.Engine.Containers;
using Tare.Engine.State;
using Tare.Linux;
using Tare.Linux.Files;
using Tare.Linux.Netlink;
using Tare.Network;
using Tare.Oci;

namespace Tare.Engine.Networks;

/// <summary>Makes networks: finds their addresses, records them, makes their bridges.</summary>
internal sealed class NetworkCreation(TareEngine engine)
{
    /// <summary>For the whole host: two stores must not take the same subnet.</summary>
    private const string HostFolder = "/run/tare-host";
    private const string DefaultDevice = "tare0";
    private const uint OwnerOnly = 0b111_000_000;
    private const int DeviceIdLength = 12;
    private const int MaxNameLength = 255;

    /// <summary>A network that a container is to be on. The default one is made when it is used first.</summary>
    /// <exception cref="TareException">NotFound</exception>
    public NetworkRow Existing(string text)
    {
        NetworkRow row = engine.Networks.Get(text);
        return row is { Name: NetworkRow.Default, Record.Device: "" } ? MakeDefault(row) : row;
    }

    /// <summary>Durable when it returns.</summary>
    /// <exception cref="TareException">AlreadyExists, InvalidArgument, Conflict, ResourceExhausted</exception>
    public NetworkRow Create(NetworkRequest request)
    {
        CheckName(request.Name);
        CheckDriver(request);
        RefuseTaken(request.Name);
        string id = ContainerId.Create().Text;
        string device = request.Driver != NetworkPlan.Bridge ? request.Options[NetworkOptions.Parent]
            : request.Options.GetValueOrDefault(NetworkOptions.BridgeName) is { Length: > 0 } named ? CheckDevice(named)
            : $"br-{id[..DeviceIdLength]}";
        return Make(id, device, request);
    }

    /// <summary>The default network has no device before it is used first.</summary>
    private void RefuseTaken(string name)
    {
        if (engine.Networks.List().Exists(row => row.Name == name && (row.Record.Device.Length > 0 || name != NetworkRow.Default)))
        {
            throw new TareException(ErrorKind.AlreadyExists, $"network with name {name} already exists", $"see: tare network inspect {name}");
        }
    }

    private NetworkRow MakeDefault(NetworkRow row)
    {
        string device = engine.Folders.Root == EngineFolders.DefaultRoot ? DefaultDevice : engine.Folders.CgroupParent;
        try
        {
            return Make(row.Id, device, new NetworkRequest(NetworkRow.Default) { Options = NetworkOptions.OfDefault(device) });
        }
        catch (TareException taken) when (taken.Kind == ErrorKind.AlreadyExists)
        {
            return engine.Networks.Get(NetworkRow.Default);
        }
    }

    private NetworkRow Make(string id, string device, NetworkRequest request)
    {
        using Fd folder = HostPath.MakeDirectories(HostFolder, OwnerOnly);
        using var alone = FileLock.Take(folder, "networks"u8);
        RefuseTaken(request.Name);
        using NetlinkSocket host = NetlinkSocket.Open();
        IReadOnlyList<Subnet> subnets = Subnets(request, host);
        var row = new NetworkRow(id, request.Name, engine.Clock.GetUtcNow(), new(request.Driver, device)
        {
            Subnets = [.. subnets.Select(SubnetDocument.Of)],
            Internal = request.Internal,
            Attachable = request.Attachable,
            EnableIPv6 = subnets.Any(static subnet => subnet.Family == AddressFamily.InterNetworkV6),
            Options = request.Options,
            Labels = request.Labels,
        });
        if (row.Plan.IsBridge && NetworkDevice.TryFind(host, device) is not null)
        {
            throw new TareException(ErrorKind.Conflict, $"network device {device} is there already", "it belongs to somebody else, or is left from a removed store: ip link del");
        }

        using var operation = Operation.Begin(engine.Folders, id);
        engine.Networks.Insert(row);

        // others see from the host's routes which addresses are taken
        using var claims = AddressClaims.Open(engine.Folders, id);
        using NetlinkSocket filter = NetlinkSocket.OpenFilter();
        try
        {
            NetworkDevices.Ensure(host, filter, new StoreFirewall(engine.Folders.StoreId), engine, row.Plan);
        }
        catch
        {
            engine.Networks.Delete(id);
            claims.RemoveFolder();
            operation.Complete();
            throw;
        }

        operation.Complete();
        return row;
    }

    private IReadOnlyList<Subnet> Subnets(NetworkRequest request, NetlinkSocket host)
    {
        List<IPNetwork> ours = [.. engine.Networks.List().SelectMany(static row => row.Plan.Subnets).Select(static subnet => subnet.Network)];
        List<IPNetwork> used = [.. ours, .. RouteTable.Read(host)];
        List<IPNetwork> asked = SubnetTexts.Networks(request.Subnets, "subnet");
        foreach (IPNetwork network in asked)
        {
            if (request.Driver == NetworkPlan.Bridge && used.Exists(other => SubnetPool.Overlap(other, network)))
            {
                throw new TareException(
                    ErrorKind.Conflict,
                    "invalid pool request: Pool overlaps with other one on this address space",
                    $"{network} is, or overlaps, one of another network or a route of this host");
            }
        }

        IReadOnlyList<SubnetPool> pools = engine.Configuration.AddressPools is { Count: > 0 } configured ? configured : AddressPools.Default;
        if (!asked.Exists(static network => network.BaseAddress.AddressFamily == AddressFamily.InterNetwork))
        {
            asked.Insert(0, AddressPools.Next(pools, AddressFamily.InterNetwork, used));
        }

        if (request.IPv6 && !asked.Exists(static network => network.BaseAddress.AddressFamily == AddressFamily.InterNetworkV6))
        {
            bool has = pools.Any(static pool => pool.Base.BaseAddress.AddressFamily == AddressFamily.InterNetworkV6);
            SubnetPool own = AddressPools.UniqueLocalPool([0x7a, .. Convert.FromHexString(engine.Folders.StoreId)]);
            asked.Add(AddressPools.Next(has ? pools : [own], AddressFamily.InterNetworkV6, used));
        }

        return SubnetTexts.Compose(asked, request);
    }

    private static void CheckName(string name)
    {
        bool isFine = name.Length is > 0 and <= MaxNameLength && char.IsAsciiLetterOrDigit(name[0])
            && name.All(static each => char.IsAsciiLetterOrDigit(each) || each is '_' or '.' or '-');
        if (!isFine)
        {
            throw new TareException(
                ErrorKind.InvalidArgument,
                $"invalid network name {Quoted.Text(name)}: only [a-zA-Z0-9][a-zA-Z0-9_.-] are allowed");
        }

        if (name is "default" or "container" or NetworkRow.Default or NetworkRow.Host or NetworkRow.None)
        {
            throw new TareException(ErrorKind.InvalidArgument, $"operation is not permitted on predefined {name} network");
        }
    }

    private static void CheckDriver(NetworkRequest request)
    {
        if (request.Driver is not (NetworkPlan.Bridge or NetworkPlan.Macvlan or NetworkPlan.Ipvlan))
        {
            throw new TareException(
                ErrorKind.NotFound, $"could not find plugin {Quoted.Text(request.Driver)} in registry: plugin not found", "drivers: bridge, macvlan, ipvlan");
        }

        NetworkOptions.Check(request.Driver, request.Options);
    }

    private static string CheckDevice(string name) =>
        name.Length <= DeviceChange.MaxName && name.All(static each => char.IsAsciiLetterOrDigit(each) || each is '_' or '.' or '-') && name is not ("." or "..")
            ? name
            : throw new TareException(ErrorKind.InvalidArgument, $"invalid bridge name {Quoted.Text(name)}", $"at most {DeviceChange.MaxName} letters, digits, _ . -");
}
