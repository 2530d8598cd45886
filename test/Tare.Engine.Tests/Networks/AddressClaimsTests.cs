// SPDX-License-Identifier: Apache-2.0
using System.Net;
using Tare.Engine.Networks;
using Tare.Network;
using Tare.Oci;

namespace Tare.Engine.Tests.Networks;

public sealed class AddressClaimsTests : IDisposable
{
    private const string Network = "aaaa";
    private static readonly string One = new('1', 64);
    private static readonly string Two = new('2', 64);
    private static readonly Subnet Small = Subnet.Create(IPNetwork.Parse("10.1.0.0/30"), null, null, new Dictionary<string, IPAddress>());
    private static readonly NetworkRow Row = new(Network, "net", DateTimeOffset.UnixEpoch, new("bridge", "br-a"));

    private readonly TemporaryEngine _store = new();

    public void Dispose() => _store.Dispose();

    [Fact]
    public void An_address_is_one_containers_until_it_is_given_back()
    {
        Live(One);
        Live(Two);
        using var claims = AddressClaims.Open(_store.Engine.Folders, Network);

        IPAddress first = claims.Take(Row, Small, null, One);
        Assert.Equal("10.1.0.2", first.ToString());
        Assert.Equal(ErrorKind.ResourceExhausted, Assert.Throws<TareException>(() => claims.Take(Row, Small, null, Two)).Kind);
        Assert.Equal(ErrorKind.Conflict, Assert.Throws<TareException>(() => claims.Take(Row, Small, first, Two)).Kind);
        claims.Release(first, Two);
        Assert.Equal((first, One), Assert.Single(claims.List()));

        claims.Release(first, One);
        Assert.Equal(first, claims.Take(Row, Small, first, Two));
    }

    [Fact]
    public void The_claim_of_a_container_that_is_gone_is_nobodys()
    {
        Live(One);
        Live(Two);
        using var claims = AddressClaims.Open(_store.Engine.Folders, Network);
        claims.Take(Row, Small, null, One);
        Assert.Empty(AddressClaims.Stale(_store.Engine.Folders, Network));
        Directory.Delete(_store.Engine.Folders.LivePath(One));

        Assert.Equal("10.1.0.2", Assert.Single(AddressClaims.Stale(_store.Engine.Folders, Network)));
        Assert.Empty(claims.List());
        claims.RemoveStale();
        Assert.Empty(AddressClaims.Stale(_store.Engine.Folders, Network));
        Assert.Equal("10.1.0.2", claims.Take(Row, Small, null, Two).ToString());
    }

    [Fact]
    public void Addresses_that_nobody_may_have_are_refused()
    {
        Live(One);
        using var claims = AddressClaims.Open(_store.Engine.Folders, Network);

        Assert.Equal(ErrorKind.InvalidArgument, Refused("10.2.0.2"));
        Assert.Equal(ErrorKind.Conflict, Refused("10.1.0.1"));
        Assert.Equal(ErrorKind.Conflict, Refused("10.1.0.3"));

        ErrorKind Refused(string address) => Assert.Throws<TareException>(() => claims.Take(Row, Small, IPAddress.Parse(address), One)).Kind;
    }

    private void Live(string container) => Directory.CreateDirectory(_store.Engine.Folders.LivePath(container));
}
