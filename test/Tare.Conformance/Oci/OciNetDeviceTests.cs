// SPDX-License-Identifier: Apache-2.0
using System.Diagnostics;
using System.Text.Json.Nodes;

namespace Tare.Conformance.Oci;

/// <summary>Network devices of the host's that move into a container.</summary>
[Trait("ring", "kernel")]
public sealed class OciNetDeviceTests : IDisposable
{
    private readonly OciGround _ground = new();
    private readonly string _id;
    private readonly string _device;

    public OciNetDeviceTests()
    {
        _id = _ground.NewId();
        _device = $"t{Path.GetFileName(_ground.Folder)[^8..]}";
        Host("ip", "link", "add", _device, "type", "veth", "peer", "name", $"{_device}p");
        Host("ip", "address", "add", "169.254.7.1/24", "dev", _device);
        Host("ip", "address", "add", "fd00:7::1/64", "dev", _device);
    }

    public void Dispose()
    {
        _ground.Dispose();
        using Process process = Process.Start(new ProcessStartInfo("ip", ["link", "del", $"{_device}p"]) { RedirectStandardError = true })!;
        process.WaitForExit();
    }

    private static bool OnReference => Environment.GetEnvironmentVariable("TARE_OCI") is not null;

    [Theory]
    [InlineData("", "")]
    [InlineData("lan", "lan")]
    [InlineData("lan%d", "lan0")]
    public void A_device_moves_with_its_addresses_and_is_up(string asked, string expected)
    {
        Assert.SkipWhen(OnReference, "runc 1.3 does not know them");
        Configure("ip -o address; ip -o link", new JsonObject { ["name"] = asked });

        string output = _ground.Succeed("run", "--bundle", _ground.Bundle, _id);

        string name = expected.Length > 0 ? expected : _device;
        Assert.Matches($@"{name}\s+inet 169.254.7.1/24 .*scope global", output);
        Assert.Matches($@"{name}\s+inet6 fd00:7::1/64 scope global", output);
        Assert.Matches($@"{name}(@\S+)?: <[A-Z,_-]*UP", output);
        Assert.False(Directory.Exists($"/sys/class/net/{_device}"), "the device is still the host's");
    }

    [Fact]
    public void A_user_namespace_does_not_keep_it_out()
    {
        Assert.SkipWhen(OnReference, "runc 1.3 does not know them");
        Host("chown", "-R", "1879048192:1879048192", $"{_ground.Bundle}/rootfs");
        File.SetUnixFileMode(_ground.Folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute | UnixFileMode.OtherExecute);
        Configure("ip -o address", new JsonObject(), config =>
        {
            config["linux"]!["namespaces"]!.AsArray().Add(JsonNode.Parse("""{"type": "user"}"""));
            config["linux"]!["uidMappings"] = JsonNode.Parse("""[{"containerID": 0, "hostID": 1879048192, "size": 65536}]""");
            config["linux"]!["gidMappings"] = config["linux"]!["uidMappings"]!.DeepClone();
        });

        Assert.Contains("169.254.7.1/24", _ground.Succeed("run", "--bundle", _ground.Bundle, _id), StringComparison.Ordinal);
    }

    [Fact]
    public void What_cannot_move_is_told_and_what_has_moved_comes_back()
    {
        Assert.SkipWhen(OnReference, "runc lets what has moved end with its namespace");
        Host("ip", "link", "set", _device, "up");
        string before = Host("ip", "-o", "address", "show", "dev", _device, "scope", "global");

        Configure("true", new JsonObject(), config => config["linux"]!["netDevices"]!["nosuchdevice"] = new JsonObject());
        Assert.Contains("linux.netDevices.nosuchdevice: no such device", Refused(), StringComparison.Ordinal);
        Configure("true", new JsonObject { ["name"] = "lo" });
        Assert.Contains($"linux.netDevices.{_device}: ", Refused(), StringComparison.Ordinal);
        Configure("true", new JsonObject { ["name"] = "lan" }, config => config["hooks"] = JsonNode.Parse("""{"createRuntime": [{"path": "/bin/false"}]}"""));
        Assert.Contains("hooks.createRuntime[0]", Refused(), StringComparison.Ordinal);

        Assert.Equal(Addresses(before), Addresses(Host("ip", "-o", "address", "show", "dev", _device, "scope", "global")));
        Assert.Contains("UP", Host("ip", "-o", "link", "show", "dev", _device), StringComparison.Ordinal);
    }

    private static IEnumerable<string> Addresses(string lines) => lines.Split('\n').Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[3]).Order();

    private static string Host(string program, params string[] args)
    {
        using Process process = Process.Start(new ProcessStartInfo(program, args) { RedirectStandardOutput = true })!;
        string text = process.StandardOutput.ReadToEnd().Trim();
        process.WaitForExit();
        Assert.True(process.ExitCode == 0, $"{program} {string.Join(' ', args)}");
        return text;
    }

    private string Refused()
    {
        Outcome outcome = _ground.RunToFiles("create", "--bundle", _ground.Bundle, _id);
        Assert.NotEqual(0, outcome.ExitCode);
        Assert.False(Directory.Exists($"{_ground.Root}/{_id}"));
        return outcome.Error;
    }

    private void Configure(string script, JsonObject device, Action<JsonNode>? change = null) => _ground.Configure(script, config =>
    {
        config["linux"]!["netDevices"] = new JsonObject { [_device] = device };
        change?.Invoke(config);
    });
}
