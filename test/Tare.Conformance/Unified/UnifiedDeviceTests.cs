// SPDX-License-Identifier: Apache-2.0
using System.Text.Json.Nodes;

namespace Tare.Conformance.Unified;

/// <summary>Device rules as BPF programs: what is allowed at the start, and what after each change.</summary>
[Trait("ring", "unified")]
public sealed class UnifiedDeviceTests : IDisposable
{
    private const string NoDevices = """{"allow": false, "access": "rwm"}""";
    private const string Kmsg = """{"allow": true, "type": "c", "major": 1, "minor": 11, "access": "r"}""";

    private readonly UnifiedGround _ground = new();

    public void Dispose() => _ground.Dispose();

    [Fact]
    public void What_every_container_has_works_and_nothing_else()
    {
        string id = _ground.Run("sleep 1000", WithNodes);

        Assert.Equal("null zero", Opened(id, "null", "zero", "kmsg", "vda"));
    }

    [Fact]
    public void An_update_widens_and_narrows_what_is_allowed()
    {
        string id = _ground.Run("sleep 1000", WithNodes);

        _ground.Update(id, $$"""{"devices": [{{NoDevices}}, {{Kmsg}}]}""");
        Assert.Equal("kmsg", Opened(id, "null", "zero", "kmsg", "vda"));

        _ground.Update(id, $$"""{"devices": [{"allow": true, "access": "rwm"}]}""");
        Assert.Equal("null zero kmsg vda", Opened(id, "null", "zero", "kmsg", "vda"));

        _ground.Update(id, $$"""{"devices": [{{NoDevices}}]}""");
        Assert.Equal("", Opened(id, "null", "zero", "kmsg", "vda"));
    }

    [Fact]
    public void Other_limits_leave_the_devices_alone()
    {
        string id = _ground.Run("sleep 1000", WithNodes);

        _ground.Oci.Succeed("update", "--pids-limit", "50", id);

        Assert.Equal("null zero", Opened(id, "null", "zero", "kmsg", "vda"));
    }

    /// <summary>Nodes and capabilities are there, so that the cgroup alone decides.</summary>
    private static void WithNodes(JsonNode config)
    {
        string[] disk = File.ReadAllText("/sys/block/vda/dev").Trim().Split(':');
        config["linux"]!["devices"] = JsonNode.Parse(
            $$"""
            [{"path": "/dev/kmsg", "type": "c", "major": 1, "minor": 11, "fileMode": 438},
             {"path": "/dev/vda", "type": "b", "major": {{disk[0]}}, "minor": {{disk[1]}}, "fileMode": 438}]
            """);
        foreach (string set in (string[])["bounding", "effective", "permitted"])
        {
            JsonArray names = config["process"]!["capabilities"]![set]!.AsArray();
            names.Add("CAP_MKNOD");
            names.Add("CAP_SYSLOG");
        }
    }

    /// <summary>The names of those that can be opened for reading.</summary>
    private string Opened(string id, params string[] names) => _ground.Oci.Run(
        "exec", id, "sh", "-c", $"for n in {string.Join(' ', names)}; do (: < /dev/$n) 2>/dev/nowhere && echo $n; done").Text.Trim().Replace('\n', ' ');
}
