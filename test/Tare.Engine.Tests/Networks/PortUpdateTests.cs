// SPDX-License-Identifier: Apache-2.0
using Tare.Engine.Containers;
using Tare.Engine.Networks;
using Tare.Oci;

namespace Tare.Engine.Tests.Networks;

public sealed class PortUpdateTests
{
    [Theory]
    [InlineData("8080:80 81", "9090:90", "", "8080:80 0:81 9090:90")]
    [InlineData("8080:80 8081:80 82", "", "80", "0:82")]
    [InlineData("8080:80 8081:80", "", "8081:80", "8080:80")]
    [InlineData("8080:80", "8080:81", "80", "8080:81")]
    [InlineData("8080:80 8080:80/udp", "", "80/udp", "8080:80")]
    [InlineData("127.0.0.1:8080:80 8081:80", "", "127.0.0.1:8080:80", "8081:80")]
    [InlineData("8000-8009:80", "", "80", "")]
    public void What_is_asked_for_afterwards(string before, string added, string removed, string after)
    {
        RunRequest request = new PortUpdate(Ports(added), Ports(removed)).ApplyTo(Asked(before), "web", null, []);

        Assert.Equal(after, string.Join(' ', request.Ports.Select(static port => $"{port.HostPort}:{port.TargetPort}")));
    }

    [Theory]
    [InlineData("8080:80", "", "81", ErrorKind.NotFound)]
    [InlineData("8080:80", "", "80/udp", ErrorKind.NotFound)]
    [InlineData("8080:80", "", "8081:80", ErrorKind.NotFound)]
    [InlineData("80", "", "32768:80", ErrorKind.NotFound)]
    [InlineData("8080:80", "8080:81", "", ErrorKind.Conflict)]
    [InlineData("8080:80", "127.0.0.1:8080:81", "", ErrorKind.Conflict)]
    [InlineData("", "8080:80 8080:81", "", ErrorKind.Conflict)]
    public void What_cannot_be_is_refused(string before, string added, string removed, ErrorKind kind) => Assert.Equal(
        kind, Assert.Throws<TareException>(() => new PortUpdate(Ports(added), Ports(removed)).ApplyTo(Asked(before), "web", null, [])).Kind);

    [Fact]
    public void A_port_that_was_drawn_is_known_by_what_leads_there_now()
    {
        LivePort[] live = [new("tcp", "0.0.0.0", 32768, "172.17.0.2", 80), new("tcp", "0.0.0.0", 32769, "172.17.0.2", 80)];
        var update = new PortUpdate([], Ports("32769:80"));

        RunRequest request = update.ApplyTo(Asked("80 80"), "web", null, live);

        Assert.Single(request.Ports);
        Assert.Equal(live[1], Assert.Single(update.Ended(live, [.. request.Ports])));
    }

    [Fact]
    public void A_port_that_gets_another_mode_ends_and_begins()
    {
        LivePort[] live = [new("tcp", "0.0.0.0", 8080, "172.17.0.2", 80), new("tcp", "0.0.0.0", 8081, "172.17.0.2", 81)];
        var update = new PortUpdate(Ports("published=8080,target=80,ports-mode=firewall"), Ports("80"));

        RunRequest request = update.ApplyTo(Asked("8080:80 8081:81"), "web", null, live);

        Assert.Equal(2, request.Ports.Count);
        Assert.Equal(live[0], Assert.Single(update.Ended(live, [.. request.Ports])));
    }

    [Fact]
    public void One_of_all_that_are_exposed_goes_and_the_others_are_named()
    {
        RunRequest request = new PortUpdate([], Ports("80")).ApplyTo(Asked("") with { PublishAll = true }, "web", ["80/tcp", "443/tcp"], []);

        Assert.False(request.PublishAll);
        Assert.Equal([new PortRequest("tcp", 443)], request.Ports);
    }

    [Theory]
    [InlineData("host")]
    [InlineData("none")]
    [InlineData("container:other")]
    public void Who_has_no_network_of_his_own_publishes_nothing(string mode) => Assert.Equal(
        ErrorKind.InvalidArgument,
        Assert.Throws<TareException>(() => new PortUpdate(Ports("80"), []).ApplyTo(Asked("") with { Network = mode }, "web", null, [])).Kind);

    private static RunRequest Asked(string ports) => new() { Image = "i", Ports = Ports(ports) };

    private static List<PortRequest> Ports(string texts) => [.. texts.Split(' ', StringSplitOptions.RemoveEmptyEntries).SelectMany(PortTexts.Parse)];
}
