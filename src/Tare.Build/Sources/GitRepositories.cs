// SPDX-License-Identifier: Apache-2.0
using System.Security.Cryptography;
using System.Text;
using Tare.Linux;
using Tare.Linux.Files;

namespace Tare.Build.Sources;

/// <summary>The repositories that the builder keeps so that only what is new is fetched.</summary>
/// <remarks>
/// <c>git/HEX/</c> in the builder's folder, HEX of the remote's address without its user: <c>repository</c> (bare), <c>lock</c>, and <c>remote</c>, which
/// holds that address and whose time is the last use. One process at a time works on one of them.
/// </remarks>
internal static class GitRepositories
{
    private const uint Private = 0b111_000_000;
    private const int MaxNames = 1 << 16;
    private const int MaxAddress = 64 << 10;
    private const OpenFlags Folder = OpenFlags.ReadOnly | OpenFlags.Directory;

    /// <summary>Takes the remote's; waits while another process works on it. The caller disposes.</summary>
    public static GitRepository Take(Fd builder, string remote)
    {
        builder.TryMakeDirectory("git"u8, Private);
        using Fd all = builder.Open("git"u8, Folder);
        byte[] name = Encoding.ASCII.GetBytes(Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(RemoteText.WithoutUser(remote)))));
        while (true)
        {
            all.TryMakeDirectory(name, Private);
            using Fd? place = all.TryOpen(name, Folder);
            if (place is null)
            {
                continue;
            }

            FileLock held = FileLock.Take(place, "lock"u8);

            // a prune may have removed the folder between our open and our lock
            if (!held.IsStillNamed(place, "lock"u8) || all.TryStatus(name)?.Inode != place.Status().Inode)
            {
                held.Dispose();
                continue;
            }

            AtomicFile.Write(place, "remote"u8, Encoding.UTF8.GetBytes(RemoteText.WithoutUser(remote)), durable: false);
            place.TryMakeDirectory("repository"u8, Private);
            return new GitRepository(place.Open("repository"u8, Folder), held);
        }
    }

    /// <summary>All that are kept.</summary>
    public static IReadOnlyList<KeptRepository> List(Fd builder)
    {
        using Fd? all = builder.TryOpen("git"u8, Folder);
        List<KeptRepository> found = [];
        foreach (byte[] name in all?.SortedNames(MaxNames) ?? [])
        {
            using Fd? place = all!.TryOpen(name, Folder);
            if (place?.TryStatus("remote"u8) is { } remote)
            {
                string address = Encoding.UTF8.GetString(AtomicFile.TryRead(place, "remote"u8, MaxAddress) ?? []);
                found.Add(new KeptRepository(
                    Encoding.ASCII.GetString(name), address, FolderSize.Of(place), DateTimeOffset.FromUnixTimeSeconds(remote.ModifyTime.Seconds)));
            }
        }

        return found;
    }

    /// <summary>Removes one; false when a build is using it.</summary>
    public static bool TryRemove(Fd builder, KeptRepository repository)
    {
        using Fd? all = builder.TryOpen("git"u8, Folder);
        byte[] name = Encoding.ASCII.GetBytes(repository.Key);
        using Fd? place = all?.TryOpen(name, Folder);
        using FileLock? held = place is null ? null : FileLock.TryTake(place, "lock"u8);
        return held is not null && FileTree.Remove(all!, name);
    }
}
