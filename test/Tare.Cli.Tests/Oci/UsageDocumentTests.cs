// SPDX-License-Identifier: Apache-2.0
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Tare.Cli.Oci;
using Tare.Linux.Cgroups.Usage;

namespace Tare.Cli.Tests.Oci;

/// <summary>The expected texts are what runc 1.3 prints for a container with these numbers.</summary>
public sealed class UsageDocumentTests
{
    private static readonly MemoryCounter Unlimited = new(9223372036854771712, 0, 0, 0);

    [Fact]
    public void It_is_what_runc_prints()
    {
        var usage = new CgroupUsage(
            new(43360651, 0, 30000000)
            {
                PerProcessor = [11448543, 31912108],
                PerProcessorKernel = [8000000, 0],
                PerProcessorUser = [4000000, 28000000],
                Periods = 3,
                ThrottledPeriods = 1,
                ThrottledTime = 44005178,
            },
            new([0, 1], [0], [new("cpu_exclusive", 0), new("sched_relax_domain_level", -1)]),
            new(4198400, new(67108864, 4907008, 6123520, 0), Unlimited with { Usage = 4907008 }, Unlimited, Unlimited, [new("active_anon", 4096), new("active_file", 0)]),
            1,
            100,
            new([new("ioServicedRecursive", []), new("ioServiceBytesRecursive", [new(254, 0, "Read", 4096), new(254, 0, "Write", 0)])]),
            [new("2MB", new(1, 2097152, 0, 0))]);

        Assert.True(JsonNode.DeepEquals(JsonNode.Parse("""
            {
              "cpu": {
                "usage": {
                  "total": 43360651, "percpu": [11448543, 31912108], "percpu_kernel": [8000000, 0],
                  "percpu_user": [4000000, 28000000], "kernel": 0, "user": 30000000
                },
                "throttling": {"periods": 3, "throttledPeriods": 1, "throttledTime": 44005178}
              },
              "cpuset": {"cpus": [0, 1], "cpu_exclusive": 0, "mems": [0], "sched_relax_domain_level": -1},
              "memory": {
                "cache": 4198400,
                "usage": {"limit": 67108864, "usage": 4907008, "max": 6123520, "failcnt": 0},
                "swap": {"limit": 9223372036854771712, "usage": 4907008, "failcnt": 0},
                "kernel": {"limit": 9223372036854771712, "failcnt": 0},
                "kernelTCP": {"limit": 9223372036854771712, "failcnt": 0},
                "raw": {"active_anon": 4096, "active_file": 0}
              },
              "pids": {"current": 1, "limit": 100},
              "blkio": {"ioServiceBytesRecursive": [{"major": 254, "op": "Read", "value": 4096}, {"major": 254, "op": "Write"}]},
              "hugetlb": {"2MB": {"usage": 2097152, "failcnt": 0}},
              "intel_rdt": {},
              "network_interfaces": null
            }
            """), Write(usage)));
    }

    [Fact]
    public void Where_nothing_is_counted_the_objects_are_there_all_the_same()
    {
        var usage = new CgroupUsage(
            new(0, 0, 0) { Stalls = new(new(0.5, 1, 2.25, 7), default) }, new([], [], []), new(0, default, default, default, default, []), 0, 0, new([]), []);

        Assert.True(JsonNode.DeepEquals(JsonNode.Parse("""
            {
              "cpu": {
                "usage": {"kernel": 0, "user": 0}, "throttling": {},
                "psi": {
                  "some": {"avg10": 0.5, "avg60": 1, "avg300": 2.25, "total": 7},
                  "full": {"avg10": 0, "avg60": 0, "avg300": 0, "total": 0}
                }
              },
              "cpuset": {},
              "memory": {
                "usage": {"limit": 0, "failcnt": 0}, "swap": {"limit": 0, "failcnt": 0},
                "kernel": {"limit": 0, "failcnt": 0}, "kernelTCP": {"limit": 0, "failcnt": 0}
              },
              "pids": {}, "blkio": {}, "hugetlb": {}, "intel_rdt": {}, "network_interfaces": null
            }
            """), Write(usage)));
    }

    private static JsonNode? Write(CgroupUsage usage)
    {
        using var bytes = new MemoryStream();
        using (var writer = new Utf8JsonWriter(bytes))
        {
            UsageDocument.Write(writer, usage);
        }

        return JsonNode.Parse(Encoding.UTF8.GetString(bytes.ToArray()));
    }
}
