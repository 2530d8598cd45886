// SPDX-License-Identifier: Apache-2.0
using System.Text;
using Tare.Engine.State;
using Tare.Linux;
using Tare.Linux.Files;

namespace Tare.Engine.Check;

/// <summary>Bytes on disk by owner, as du(1) counts them.</summary>
/// <param name="Owners">each owner with its bytes, always all of them and in the same order</param>
internal sealed record ByteCount(IReadOnlyList<(string Owner, long Bytes)> Owners)
{
    private const int MaxNames = 1 << 20;
    private static readonly string[] Names = ["blobs", "layers", "containers", "volumes", "databases", "tmp", "other", "run"];

    public long Total => Owners.Sum(static owner => owner.Bytes);

    public static ByteCount Of(EngineFolders folders)
    {
        var use = new DiskUse();
        Dictionary<string, long> bytes = Names.ToDictionary(static name => name, static _ => 0L, StringComparer.Ordinal);
        using Fd root = HostPath.OpenDirectory(folders.Root);
        using Fd run = HostPath.OpenDirectory(folders.Run);
        foreach (byte[] name in root.SortedNames(MaxNames))
        {
            bytes[OwnerOf(Encoding.UTF8.GetString(name))] += use.Count(root, name);
        }

        foreach (byte[] name in run.SortedNames(MaxNames))
        {
            bytes["run"] += use.Count(run, name);
        }

        return new([.. Names.Select(name => (name, bytes[name]))]);
    }

    private static string OwnerOf(string name) => name switch
    {
        "blobs" or "layers" or "containers" or "volumes" or "tmp" => name,
        _ when name.Contains(".db", StringComparison.Ordinal) => "databases",
        _ => "other",
    };
}
