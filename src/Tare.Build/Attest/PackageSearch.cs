// SPDX-License-Identifier: Apache-2.0
using Tare.Linux;
using Tare.Linux.Files;

namespace Tare.Build.Attest;

/// <summary>The packages of a file system: of dpkg, apk and rpm, and of languages.</summary>
internal static class PackageSearch
{
    private const int MaxBytes = 64 << 20;
    private const int MaxNames = 1 << 16;
    private const long MaxTable = 1L << 30;

    /// <summary>Where rpm had its database first, where it is since Fedora 36, and where systems with read-only trees have it.</summary>
    private static readonly byte[][] Tables =
        ["var/lib/rpm/rpmdb.sqlite"u8.ToArray(), "usr/lib/sysimage/rpm/rpmdb.sqlite"u8.ToArray(), "usr/share/rpm/rpmdb.sqlite"u8.ToArray()];

    private static readonly byte[][] Databases = ["var/lib/dpkg/status"u8.ToArray(), "lib/apk/db/installed"u8.ToArray(), "usr/lib/apk/db/installed"u8.ToArray()];

    /// <summary>What is installed, in order of names, and what the system calls itself.</summary>
    /// <param name="root">of the image; lent</param>
    public static (IReadOnlyList<Package> Packages, IReadOnlyDictionary<string, string> Release) Run(Root root)
    {
        List<Package> found = [.. PackageDatabase.Debian(root.TryReadAll(Databases[0], MaxBytes) ?? []), .. Parts(root)];
        byte[] alpine = root.TryReadAll(Databases[1], MaxBytes) ?? root.TryReadAll(Databases[2], MaxBytes) ?? [];
        found.AddRange(PackageDatabase.Alpine(alpine));
        found.AddRange(Tables.SelectMany(path => Rpm(root, path)));
        found.AddRange(LanguageSearch.Run(root));
        byte[] release = root.TryReadAll("etc/os-release"u8, MaxBytes) ?? root.TryReadAll("usr/lib/os-release"u8, MaxBytes) ?? [];
        return (
            [.. found.Distinct().OrderBy(static p => p.Name, StringComparer.Ordinal).ThenBy(static p => p.Version, StringComparer.Ordinal)
                .ThenBy(static p => p.Architecture, StringComparer.Ordinal).ThenBy(static p => p.Kind, StringComparer.Ordinal)
                .ThenBy(static p => p.Epoch, StringComparer.Ordinal)],
            PackageDatabase.Release(release));
    }

    /// <summary>The table is read page by page: it may be large.</summary>
    private static List<Package> Rpm(Root root, byte[] path)
    {
        using Fd? handle = root.TryResolve(path, OpenFlags.Path);
        if (handle is null || handle.Status() is not { IsRegular: true, Size: <= MaxTable } status)
        {
            return [];
        }

        using Fd file = handle.Reopen(OpenFlags.ReadOnly | OpenFlags.NonBlocking);
        return [.. PackageDatabase.Rpm(file.ReadAt, status.Size)];
    }

    /// <summary>Images without dpkg have a file for each package.</summary>
    private static IEnumerable<Package> Parts(Root root)
    {
        using Fd? folder = root.TryResolve("var/lib/dpkg/status.d"u8, OpenFlags.ReadOnly | OpenFlags.Directory);
        foreach (byte[] name in folder?.SortedNames(MaxNames) ?? [])
        {
            byte[] path = [.. "var/lib/dpkg/status.d/"u8, .. name];
            if (name.AsSpan().EndsWith(".md5sums"u8) || root.TryReadAll(path, MaxBytes) is not { } text)
            {
                continue;
            }

            foreach (Package package in PackageDatabase.Debian(text))
            {
                yield return package;
            }
        }
    }
}
