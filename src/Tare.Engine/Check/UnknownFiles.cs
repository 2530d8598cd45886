// SPDX-License-Identifier: Apache-2.0
using System.Text;
using Tare.Linux;
using Tare.Linux.Files;
using Tare.Oci;

namespace Tare.Engine.Check;

/// <summary>Nothing but what Tare makes stands at the top of the store and of the run folder.</summary>
/// <remarks>
/// Such files are named and never removed: somebody may have called us with <c>--root /srv</c>.
/// </remarks>
internal sealed class UnknownFiles(TareEngine engine) : IConcern
{
    private const int MaxNames = 1 << 20;

    /// <summary>What may stand in the store.</summary>
    public static readonly IReadOnlySet<string> OfStore = new HashSet<string>(StringComparer.Ordinal)
    {
        "blobs", "layers", "tmp", "empty", "containers", "volumes", "registry", "build", "id",
        "images.db", "images.db-wal", "images.db-shm", "images.db-journal", "reserve",
        "engine.db", "engine.db-wal", "engine.db-shm", "engine.db-journal",

        // of the file system, when the store has one of its own
        "lost+found",
    };

    /// <summary>What may stand in the run folder.</summary>
    public static readonly IReadOnlySet<string> OfRun = new HashSet<string>(StringComparer.Ordinal) { "containers", "cgroups", "ops", "networks", "build", "elected" };

    public string Name => "files";

    public IEnumerable<Finding> Look(Inventory now) => Look();

    public IEnumerable<Finding> Look() =>
        [.. Unknown(engine.Folders.Root, OfStore), .. Unknown(engine.Folders.Run, OfRun)];

    public void Repair(IReadOnlyList<Finding> findings)
    {
    }

    private static IEnumerable<Finding> Unknown(string path, IReadOnlySet<string> known)
    {
        using Fd? folder = HostPath.TryOpen(path, OpenFlags.ReadOnly | OpenFlags.Directory);
        return [.. (folder?.SortedNames(MaxNames) ?? [])
            .Select(Encoding.UTF8.GetString)
            .Where(name => !known.Contains(name))
            .Select(name => new Finding("file", $"{path}/{name}", "tare does not know it", Repairable: false, "remove it if it is not yours"))];
    }
}
