// SPDX-License-Identifier: Apache-2.0
namespace Tare.Linux.Cgroups.Usage;

/// <summary>What went to and from disks, with the cgroups below.</summary>
/// <param name="Tables">by the name that runc gives: <c>ioServiceBytesRecursive</c></param>
/// <remarks>kernel admin-guide/cgroup-v1/blkio-controller.rst, admin-guide/cgroup-v2.rst#io-interface-files</remarks>
internal sealed record BlockIoUsage(IReadOnlyList<KeyValuePair<string, IReadOnlyList<BlockIoCount>>> Tables)
{
    private const string Bytes = "ioServiceBytesRecursive";
    private const string Requests = "ioServicedRecursive";

    /// <summary>v1: who does the counting depends on the scheduler; the first that has counted something is taken.</summary>
    private static readonly (string File, string Name)[][] Counting =
    [
        [
            ("blkio.bfq.sectors_recursive", "sectorsRecursive"), ("blkio.bfq.io_service_time_recursive", "ioServiceTimeRecursive"),
            ("blkio.bfq.io_wait_time_recursive", "ioWaitTimeRecursive"), ("blkio.bfq.io_merged_recursive", "ioMergedRecursive"),
            ("blkio.bfq.io_queued_recursive", "ioQueueRecursive"), ("blkio.bfq.time_recursive", "ioTimeRecursive"),
            ("blkio.bfq.io_serviced_recursive", Requests), ("blkio.bfq.io_service_bytes_recursive", Bytes),
        ],
        [("blkio.bfq.io_serviced_recursive", Requests), ("blkio.bfq.io_service_bytes_recursive", Bytes)],
        [
            ("blkio.throttle.io_serviced_recursive", Requests), ("blkio.throttle.io_service_bytes_recursive", Bytes),
        ],
        [("blkio.throttle.io_serviced", Requests), ("blkio.throttle.io_service_bytes", Bytes)],
    ];

    public Pressure? Stalls { get; init; }

    internal static BlockIoUsage Read(Cgroup cgroup)
    {
        string? v1 = cgroup.Find("blkio.throttle.io_service_bytes") ?? cgroup.Find("blkio.bfq.io_service_bytes");
        return new(v1 is null ? ReadUnified(cgroup.Find("io.stat")) : ReadV1(v1))
        {
            Stalls = Pressure.TryRead(cgroup, "io.pressure"),
        };
    }

    private static IReadOnlyList<KeyValuePair<string, IReadOnlyList<BlockIoCount>>> ReadV1(string directory)
    {
        foreach ((string File, string Name)[] counted in Counting)
        {
            if (Counts(directory, counted[0].File).Count > 0)
            {
                return [.. counted.Select(table => new KeyValuePair<string, IReadOnlyList<BlockIoCount>>(table.Name, Counts(directory, table.File)))];
            }
        }

        return [];
    }

    /// <summary>Lines such as <c>8:0 Read 4096</c>, <c>8:0 8</c>; the sum of all disks at the end is left out.</summary>
    private static List<BlockIoCount> Counts(string directory, string file)
    {
        List<BlockIoCount> counts = [];
        foreach (string line in UsageFile.Lines(directory, file))
        {
            string[] words = UsageFile.Words(line);
            if (words is [var disk, .., var number] && words.Length <= 3 && TryNumbers(disk, out ulong major, out ulong minor))
            {
                counts.Add(new(major, minor, words.Length == 3 ? words[1] : null, UsageFile.Parse(number)));
            }
        }

        return counts;
    }

    /// <summary>Lines such as <c>8:0 rbytes=90 wbytes=0 rios=1 wios=0 dbytes=0 dios=0</c>.</summary>
    private static IReadOnlyList<KeyValuePair<string, IReadOnlyList<BlockIoCount>>> ReadUnified(string? directory)
    {
        List<BlockIoCount> bytes = [];
        List<BlockIoCount> requests = [];
        foreach (string line in UsageFile.Lines(directory, "io.stat"))
        {
            string[] words = UsageFile.Words(line);
            if (!TryNumbers(words[0], out ulong major, out ulong minor))
            {
                continue;
            }

            foreach (string word in words.AsSpan(1))
            {
                (List<BlockIoCount>? to, string? operation) = Meaning(word[..Math.Max(0, word.IndexOf('=', StringComparison.Ordinal))], bytes, requests);
                to?.Add(new(major, minor, operation, UsageFile.Parse(word[(word.IndexOf('=', StringComparison.Ordinal) + 1)..])));
            }
        }

        return bytes.Count + requests.Count == 0 ? [] : [new(Bytes, bytes), new(Requests, requests)];
    }

    private static (List<BlockIoCount>? To, string? Operation) Meaning(
        string key, List<BlockIoCount> bytes, List<BlockIoCount> requests) => key switch
        {
            "rbytes" => (bytes, "Read"),
            "wbytes" => (bytes, "Write"),
            "dbytes" => (bytes, "Discard"),
            "rios" => (requests, "Read"),
            "wios" => (requests, "Write"),
            "dios" => (requests, "Discard"),
            _ => (null, null),
        };

    private static bool TryNumbers(string disk, out ulong major, out ulong minor)
    {
        string[] parts = disk.Split(':');
        minor = 0;
        return ulong.TryParse(parts[0], System.Globalization.CultureInfo.InvariantCulture, out major)
            && parts.Length == 2
            && ulong.TryParse(parts[1], System.Globalization.CultureInfo.InvariantCulture, out minor);
    }
}
