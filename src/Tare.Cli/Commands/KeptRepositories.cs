// SPDX-License-Identifier: Apache-2.0
using Tare.Build.Sources;
using Tare.Linux;
using Tare.Linux.Files;

namespace Tare.Cli.Commands;

/// <summary>The git repositories in the builder's cache, for <c>builder du</c> and <c>prune</c>.</summary>
internal static class KeptRepositories
{
    /// <summary>All of them, the longest unused first.</summary>
    public static IReadOnlyList<KeptRepository> List(Session session)
    {
        using Fd? folder = Open(session);
        return folder is null ? [] : [.. GitRepositories.List(folder).OrderBy(static one => one.Used)];
    }

    /// <summary>Removes the longest unused until they take no more than this; those in use stay.</summary>
    /// <returns>what went</returns>
    public static IReadOnlyList<KeptRepository> Prune(Session session, long keptBytes)
    {
        using Fd? folder = Open(session);
        if (folder is null)
        {
            return [];
        }

        IReadOnlyList<KeptRepository> all = List(session);
        long rest = all.Sum(static one => one.Bytes);
        List<KeptRepository> gone = [];
        foreach (KeptRepository one in all.TakeWhile(_ => keptBytes == 0 || rest > keptBytes))
        {
            if (GitRepositories.TryRemove(folder, one))
            {
                gone.Add(one);
                rest -= one.Bytes;
            }
        }

        return gone;
    }

    private static Fd? Open(Session session) => HostPath.TryOpen($"{session.Root}/build", OpenFlags.ReadOnly | OpenFlags.Directory);
}
