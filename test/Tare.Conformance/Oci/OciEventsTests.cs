// SPDX-License-Identifier: Apache-2.0
using System.Text.Json.Nodes;

namespace Tare.Conformance.Oci;

/// <summary>What <c>events</c> tells, in the form that runc has for it.</summary>
[Trait("ring", "kernel")]
public sealed class OciEventsTests : IDisposable
{
    private readonly OciGround _ground = new();

    public void Dispose() => _ground.Dispose();

    [Fact]
    public void Use_is_told_with_its_limits()
    {
        string id = Start(
            "i=0; while [ $i -lt 100000 ]; do i=$((i+1)); done; echo > /ready; sleep 1000",
            """{"memory": {"limit": 67108864}, "cpu": {"quota": 20000, "period": 100000}, "pids": {"limit": 77}}""");
        EngineGround.Await(() => File.Exists($"{_ground.Bundle}/rootfs/ready"));

        JsonNode line = JsonNode.Parse(_ground.Succeed("events", "--stats", id))!;

        Assert.Equal(("stats", id), ((string)line["type"]!, (string)line["id"]!));
        JsonNode data = line["data"]!;
        Assert.Equal(
            ["cpu", "cpuset", "memory", "pids", "blkio", "hugetlb", "intel_rdt", "network_interfaces"], data.AsObject().Select(member => member.Key));
        JsonNode time = data["cpu"]!["usage"]!;
        Assert.InRange((long)time["total"]!, 1, long.MaxValue);
        Assert.InRange((long)time["user"]! + (long)time["kernel"]!, 1, long.MaxValue);
        Assert.InRange((long)data["cpu"]!["throttling"]!["throttledPeriods"]!, 1, (long)data["cpu"]!["throttling"]!["periods"]!);
        Assert.InRange((long)data["cpu"]!["throttling"]!["throttledTime"]!, 1, long.MaxValue);
        JsonNode memory = data["memory"]!;
        Assert.Equal(67108864, (long)memory["usage"]!["limit"]!);
        Assert.InRange((long)memory["usage"]!["usage"]!, 1, (long)memory["usage"]!["max"]!);
        Assert.InRange((long)memory["raw"]!["pgfault"]!, 1, long.MaxValue);
        Assert.Equal((1, 77), ((int)data["pids"]!["current"]!, (int)data["pids"]!["limit"]!));
        Assert.Contains(0, data["cpuset"]!["cpus"]!.AsArray().Select(number => (int)number!));
        if (time["percpu"] is JsonArray each)
        {
            // counted a moment later
            Assert.InRange(each.Sum(number => (long)number!), (long)time["total"]!, long.MaxValue);
            Assert.Equal(each.Count, time["percpu_user"]!.AsArray().Count);
        }
    }

    [Fact]
    public void Out_of_memory_is_told_at_once_and_the_end_ends_it()
    {
        string id = Start(
            "while ! [ -e /go ]; do sleep 0.1; done; tail /dev/zero; while [ -e /go ]; do sleep 0.1; done",
            """{"memory": {"limit": 16777216, "swap": 16777216}}""");
        using Conversation events = _ground.Start("events", "--interval", "1000s", id);
        events.Expect("\"stats\"");

        File.WriteAllText($"{_ground.Bundle}/rootfs/go", "");

        // long before the next look at the numbers
        events.Expect($$"""{"type":"oom","id":"{{id}}"}""");
        Assert.Equal("running", _ground.Status(id));
        File.Delete($"{_ground.Bundle}/rootfs/go");
        Assert.Equal(0, events.End().ExitCode);
    }

    private string Start(string script, string resources)
    {
        string id = _ground.NewId();
        _ground.Configure(script, config => config["linux"]!["resources"] = JsonNode.Parse(resources));
        _ground.Leave("run", "--detach", "--bundle", _ground.Bundle, id);
        return id;
    }
}
