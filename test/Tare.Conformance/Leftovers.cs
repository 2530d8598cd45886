// SPDX-License-Identifier: Apache-2.0
using System.Diagnostics;

namespace Tare.Conformance;

/// <summary>What the containers of one store left on the machine: mounts, cgroups, processes, folders.</summary>
public static class Leftovers
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    /// <summary>Fails unless within a moment nothing is left but the folders of <paramref name="containers"/>.</summary>
    /// <param name="tare">whose store</param>
    /// <param name="containers">how many ended containers are recorded</param>
    /// <param name="patience">how long a moment is</param>
    public static void AssertNone(TareBinary tare, int containers = 0, TimeSpan? patience = null)
    {
        var watch = Stopwatch.StartNew();
        string[] left;
        while ((left = Find(tare, containers)).Length > 0 && watch.Elapsed < (patience ?? Patience))
        {
            // the keeper, or the process that settles after it, may be at its last steps
            Thread.Sleep(5);
        }

        Assert.True(left.Length == 0, string.Join('\n', left));
    }

    /// <summary>One line for each thing that is left.</summary>
    public static string[] Find(TareBinary tare, int containers = 0) =>
    [
        .. Processes(tare), .. Cgroups(tare), .. Placed(tare), .. Claims(tare), .. Folders(tare, containers),
    ];

    /// <summary>The processes that see a file system of the store or hold files of its run folder: containers and keepers.</summary>
    public static IEnumerable<string> Processes(TareBinary tare)
    {
        string id = Text(Path.Combine(tare.Root, "id"));
        foreach (string process in Directory.EnumerateDirectories("/proc"))
        {
            if (char.IsAsciiDigit(process[^1]) && process != $"/proc/{Environment.ProcessId}")
            {
                string mounts = Text($"{process}/mountinfo");
                if (mounts.Contains(tare.Folder, StringComparison.Ordinal)
                    || (id.Length > 0 && mounts.Contains($" tare-{id} ", StringComparison.Ordinal)))
                {
                    yield return $"process {Describe(process)} sees a mount of the store";
                }

                if (Descriptors(process).FirstOrDefault(f => f.StartsWith(tare.Folder, StringComparison.Ordinal)) is { } file)
                {
                    yield return $"process {Describe(process)} holds {file}";
                }
            }
        }
    }

    private static IEnumerable<string> Claims(TareBinary tare) =>
        from claim in Entries("/run/tare-host/ids")
        let owner = Quiet(() => new FileInfo(claim).LinkTarget)
        where owner?.StartsWith(tare.Folder, StringComparison.Ordinal) == true
        select $"ids {Path.GetFileName(claim)} claimed by {owner}";

    private static IEnumerable<string> Cgroups(TareBinary tare)
    {
        string id = Text(Path.Combine(tare.Root, "id"));
        return id.Length == 0
            ? []
            : from hierarchy in CgroupMounts()
              from parent in Subfolders(hierarchy, $"tare-{id}*")
              from leaf in Subfolders(parent, "*")
              select $"cgroup {leaf}";
    }

    /// <summary>What says where cgroups are that have another parent.</summary>
    private static IEnumerable<string> Placed(TareBinary tare) =>
        Entries(Path.Combine(tare.RunFolder, "cgroups")).Select(file => $"cgroup at {Text(file)}");

    private static IEnumerable<string> Folders(TareBinary tare, int containers)
    {
        int stored = Count(Path.Combine(tare.Root, "containers"));
        if (stored != containers)
        {
            yield return $"{stored} folders in the store's containers, not {containers}";
        }

        foreach (string folder in Entries(Path.Combine(tare.RunFolder, "ops")))
        {
            yield return $"operation {folder}";
        }

        int live = Count(Path.Combine(tare.RunFolder, "containers"));
        if (live > containers)
        {
            yield return $"{live} folders in run's containers, not {containers}";
        }
    }

    private static IEnumerable<string> CgroupMounts() =>
        from line in File.ReadAllLines("/proc/self/mounts")
        let words = line.Split(' ')
        where words[2] is "cgroup" or "cgroup2"
        select words[1];

    private static string Describe(string process) =>
        $"{Path.GetFileName(process)} ({Text($"{process}/cmdline").Replace('\0', ' ').Trim()})";

    private static IEnumerable<string> Descriptors(string process)
    {
        foreach (string fd in Entries($"{process}/fd"))
        {
            yield return Quiet(() => File.ResolveLinkTarget(fd, returnFinalTarget: false)?.FullName) ?? "";
        }
    }

    private static int Count(string folder) => Entries(folder).Length;

    private static string[] Entries(string folder) => Quiet(() => Directory.GetFileSystemEntries(folder)) ?? [];

    private static string[] Subfolders(string folder, string pattern) => Quiet(() => Directory.GetDirectories(folder, pattern)) ?? [];

    private static string Text(string file) => Quiet(() => File.ReadAllText(file)) ?? "";

    private static T? Quiet<T>(Func<T?> read)
        where T : class
    {
        try
        {
            return read();
        }
        catch (Exception gone) when (gone is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
