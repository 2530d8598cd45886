// SPDX-License-Identifier: Apache-2.0
using System.Net;
using System.Net.Sockets;
using Tare.Oci;

namespace Tare.Images.Remote;

/// <summary>A registry that the user or the configuration named: its name, its address, how far its transport is trusted.</summary>
/// <param name="Name"><c>host[:port]</c> as in the names of images: what credentials are filed under</param>
/// <param name="Address">such as <c>https://registry.example:5000/</c></param>
/// <param name="IsInsecure">plain HTTP and any certificate will do</param>
/// <param name="Addresses">what the name led to; only these are connected to, so that a name that leads to loopback now and
/// elsewhere a moment later gains nothing. Empty when it has none here (a proxy may know it)</param>
internal sealed record RegistryHost(string Name, Uri Address, bool IsInsecure, IReadOnlyList<IPAddress> Addresses)
{
    private const string HubName = "docker.io";
    private const string HubHost = "registry-1.docker.io";

    public Origin Origin => Origin.Of(Address);

    /// <summary>True when it is in this machine's or site's own networks, so that it may lead to others there.</summary>
    /// <remarks>With all its addresses: whoever owns a name can add one of ours to it.</remarks>
    public bool IsPrivate => Addresses.Count > 0 && Addresses.All(PrivateNetworks.Contain);

    /// <summary>By the name of a registry; TLS, until somebody finds out that an insecure one has none.</summary>
    /// <exception cref="TareException">InvalidArgument: no URL can be made of the name</exception>
    public static Task<RegistryHost> FindAsync(string registry, RegistryOptions options, CancellationToken ct) =>
        FindAsync(registry, $"https://{(registry == HubName ? HubHost : registry)}/", options, ct);

    /// <summary>By the address of a mirror, whose scheme the administrator chose.</summary>
    public static async Task<RegistryHost> FindMirrorAsync(Uri mirror, RegistryOptions options, CancellationToken ct)
    {
        RegistryHost host = await FindAsync(mirror.Authority, mirror.AbsoluteUri, options, ct);
        return mirror.Scheme == Uri.UriSchemeHttp ? host with { IsInsecure = true } : host;
    }

    private static async Task<RegistryHost> FindAsync(string name, string address, RegistryOptions options, CancellationToken ct)
    {
        if (!Uri.TryCreate(address, UriKind.Absolute, out Uri? uri))
        {
            throw new TareException(ErrorKind.InvalidArgument, $"{Quoted.Text(name)} is not a registry");
        }
        IPAddress[] addresses;
        try
        {
            addresses = await Dns.GetHostAddressesAsync(uri.IdnHost, ct);
        }
        catch (SocketException)
        {
            addresses = [];
        }
        return new RegistryHost(name, uri, IsInsecureAt(name, addresses, options), addresses);
    }

    /// <summary>Every address has to be one that is insecure by decision: any may be the one that is connected to.</summary>
    internal static bool IsInsecureAt(string name, IReadOnlyList<IPAddress> addresses, RegistryOptions options) =>
        addresses.Count == 0 ? options.IsInsecure(name, []) : addresses.All(address => options.IsInsecure(name, [address]));
}
