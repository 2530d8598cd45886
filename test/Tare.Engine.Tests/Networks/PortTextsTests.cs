// SPDX-License-Identifier: Apache-2.0
using Tare.Engine.Networks;
using Tare.Oci;

namespace Tare.Engine.Tests.Networks;

public sealed class PortTextsTests
{
    [Theory]
    [InlineData("80", "tcp 80 *:0")]
    [InlineData("8080:80", "tcp 80 *:8080")]
    [InlineData(":80", "tcp 80 *:0")]
    [InlineData("8080:80/udp", "udp 80 *:8080")]
    [InlineData("127.0.0.1:8080:80/TCP", "tcp 80 127.0.0.1:8080")]
    [InlineData("127.0.0.1::80", "tcp 80 127.0.0.1:0")]
    [InlineData("[::1]:8080:80", "tcp 80 ::1:8080")]
    [InlineData("::1:8080:80", "tcp 80 ::1:8080")]
    [InlineData("[::]:80:80/sctp", "sctp 80 :::80")]
    [InlineData("8000-8001:80-81", "tcp 80 *:8000, tcp 81 *:8001")]
    [InlineData("80-81", "tcp 80 *:0, tcp 81 *:0")]
    [InlineData("8000-8009:80", "tcp 80 *:8000-8009")]
    [InlineData("target=80", "tcp 80 *:0")]
    [InlineData("published=8080,target=80,protocol=udp,mode=host", "udp 80 *:8080")]
    [InlineData("Target=80,published=8080,ports-mode=firewall", "tcp 80 *:8080 Firewall")]
    [InlineData("published=8000-8001,target=80-81,host_ip=127.0.0.1,ports-mode=nat", "tcp 80 127.0.0.1:8000 Nat, tcp 81 127.0.0.1:8001 Nat")]
    [InlineData("published=8080,target=80,host_ip=[::1]", "tcp 80 ::1:8080")]
    public void One_flag_is_one_port_or_several(string text, string expected) => Assert.Equal(expected, string.Join(", ", PortTexts.Parse(text).Select(Show)));

    [Theory]
    [InlineData("")]
    [InlineData("0")]
    [InlineData("65536")]
    [InlineData("80/icmp")]
    [InlineData("-1:80")]
    [InlineData("81-80")]
    [InlineData("8000-8001:80-82")]
    [InlineData("1.2.3:80:80")]
    [InlineData("host:80:80")]
    [InlineData("80:")]
    [InlineData("+80")]
    [InlineData("80 ")]
    [InlineData("published=80")]
    [InlineData("target=")]
    [InlineData("target=80,target=81")]
    [InlineData("target=80,ports-mode=both")]
    [InlineData("target=80,mode=ingress")]
    [InlineData("target=80,speed=high")]
    [InlineData("target=80,8080")]
    [InlineData("target=80:81")]
    [InlineData("target=80,host_ip=here")]
    [InlineData("٨٠")]
    public void Others_are_refused(string text) => Assert.Equal(ErrorKind.InvalidArgument, Assert.Throws<TareException>(() => PortTexts.Parse(text)).Kind);

    [Fact]
    public void Exposed_ports_of_image_and_request_are_each_one()
    {
        var request = new Engine.Containers.RunRequest { Image = "i", Exposed = ["80", "90-91/udp"] };

        Assert.Equal(
            ["tcp 80", "udp 90", "udp 91", "tcp 443"],
            PortTexts.Exposed(request, ["80/tcp", "443/tcp"]).Select(port => $"{port.Protocol} {port.TargetPort}"));
    }

    private static string Show(PortRequest port) =>
        $"{port.Protocol} {port.TargetPort} {port.HostAddress ?? "*"}:{port.HostPort}{(port.LastHostPort == 0 ? "" : $"-{port.LastHostPort}")}{(port.Mode is { } mode ? $" {mode}" : "")}";
}
