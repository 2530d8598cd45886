// SPDX-License-Identifier: Apache-2.0
using System.Text;
using Tare.Engine.Inspect;
using Tare.Engine.Networks;
using Tare.Engine.State;
using Tare.Images.Snapshots;
using Tare.Images.Store;
using Tare.Linux;
using Tare.Linux.Files;
using Tare.Linux.Mounts;
using Tare.Linux.Processes;
using Tare.Oci;
using Tare.Runtime.Specs;

namespace Tare.Engine.Containers;

/// <summary>Whose ids a run of a container has: a range of its own, claimed and mapped, or the host's.</summary>
/// <remarks>
/// Decided before anything of the run is made, by trying: which file systems show mapped owners no list tells for sure.
/// Owned by who took it; the claim itself lasts as long as the run folder.
/// </remarks>
internal sealed class ContainerUsers : IDisposable
{
    /// <summary>The folders of layers and of containers, then what else was tried.</summary>
    private readonly List<Fd> _shown = [];
    private Fd? _folder;

    private ContainerUsers(UserRange? range, MappedUsers? map, string? reason) => (Range, Map, Reason) = (range, map, reason);

    /// <summary>Null: the host's.</summary>
    public UserRange? Range { get; }

    /// <summary>Lent; null with the host's.</summary>
    public MappedUsers? Map { get; }

    /// <summary>Why they are the host's although nobody said so; else null.</summary>
    public string? Reason { get; }

    /// <summary>What inspect shows.</summary>
    public UserNamespaceDocument Document =>
        new(Range is null ? UserNamespaceChoice.Host : UserNamespaceChoice.Private) { Reason = Reason ?? "" };

    /// <param name="engine">whose container it is; told when it cannot have ids of its own</param>
    /// <param name="id">of the container, whose operation the caller holds</param>
    /// <param name="live">its run folder, lent; with it goes the claim. Null: it is only made, and claims nothing</param>
    /// <param name="request">what was asked</param>
    /// <param name="image">it is made from</param>
    /// <exception cref="TareException">FailedPrecondition: ids of its own were demanded, and the host cannot give them</exception>
    public static ContainerUsers Take(TareEngine engine, ContainerId id, Fd? live, RunRequest request, StoredImage image)
    {
        if (live is not null && JoinedContainer.Of(engine, request) is { } joined)
        {
            return Join(engine, id, live, request, joined);
        }

        var choice = UserNamespaceChoice.Of(request, image.Config.Config?.User);
        if (!choice.IsPrivate)
        {
            return choice.IsFallback ? FallBack(engine, choice.Reason!) : new(null, null, choice.Reason);
        }

        UserRange range = live is null ? IdClaims.Unclaimed : IdClaims.Take(engine.Folders, id.Text, live);
        ContainerUsers? users = TryMake(engine, request, range, out string reason);
        if (users is not null)
        {
            WarnOfCapabilities(engine, request);
            return users;
        }

        IdClaims.Release(engine.Folders, id.Text);
        return request.UserNamespace == UserNamespaceChoice.Private
            ? throw new TareException(
                ErrorKind.FailedPrecondition, $"no private user namespace for this container: {reason}", "leave out --userns private")
            : FallBack(engine, reason);
    }

    /// <summary>Those of the container whose network is joined: the network belongs to its user namespace.</summary>
    private static ContainerUsers Join(TareEngine engine, ContainerId id, Fd live, RunRequest request, JoinedContainer joined)
    {
        joined.Mark(engine.Folders);
        if (joined.FirstUser == 0)
        {
            return new(null, null, $"it joins the network of container {joined.Id.Short}, which is there");
        }

        var range = new UserRange(joined.FirstUser);
        IdClaims.Share(engine.Folders, id.Text, live, range, joined.Id.Text);
        return TryMake(engine, request, range, out string reason)
            ?? throw new TareException(
                ErrorKind.FailedPrecondition,
                $"cannot join the network of container {joined.Id.Short}, which has a private user namespace: {reason}",
                "start that one with --userns host");
    }

    /// <summary>Null when the host refuses, for a reason that is no accident: those are thrown, and nobody gets the host's ids by one.</summary>
    private static ContainerUsers? TryMake(TareEngine engine, RunRequest request, UserRange range, out string reason)
    {
        MappedUsers map;
        try
        {
            map = MappedUsers.Create(range.First, UserRange.Size);
        }
        catch (LinuxException refused) when (refused.Errno is Errno.EPERM or Errno.EINVAL or Errno.ENOSPC or Errno.ENOSYS or Errno.EUSERS)
        {
            reason = $"this host gives no user namespace ({refused.Errno.Explain()})";
            return null;
        }

        var users = new ContainerUsers(range, map, null);
        try
        {
            reason = Refusal(engine, request, map, users._shown) ?? "";
        }
        catch
        {
            users.Dispose();
            throw;
        }

        if (reason.Length == 0)
        {
            return users;
        }

        users.Dispose();
        return null;
    }

    /// <summary>The store as the container sees it; null with the host's ids. Lent, as long as this.</summary>
    /// <param name="id">of the container, whose folder is there</param>
    public MappedStore? Store(ContainerId id)
    {
        if (Map is null)
        {
            return null;
        }

        _folder ??= _shown[1].Open(Encoding.ASCII.GetBytes(id.Text), OpenFlags.ReadOnly | OpenFlags.Directory);
        return new(Map, _shown[0], _folder);
    }

    /// <summary>Detached mounts that are not needed once the root file system is made. Lent.</summary>
    public IReadOnlyList<Fd> Spent => _shown;

    public void Dispose()
    {
        Map?.Dispose();
        _folder?.Dispose();
        _shown.ForEach(mount => mount.Dispose());
    }

    private static void WarnOfCapabilities(TareEngine engine, RunRequest request)
    {
        if (request.CapabilitiesAdded.Count > 0 && CapabilityNames.OnlyHosts(request.CapabilitiesAdded).ToArray() is { Length: > 0 } names)
        {
            engine.Warned?.Invoke(
                $"{string.Join(", ", names)} has no effect in a private user namespace: it is a right over the host; see --userns host");
        }
    }

    private static ContainerUsers FallBack(TareEngine engine, string reason)
    {
        engine.Warned?.Invoke($"the container runs in the host's user namespace: {reason}");
        return new(null, null, reason);
    }

    /// <summary>What the container is made of and does not show mapped owners; null: nothing. What does is kept, to be used or let go.</summary>
    private static string? Refusal(TareEngine engine, RunRequest request, MappedUsers map, List<Fd> shown)
    {
        EngineFolders folders = engine.Folders;
        return Refusal(map, $"{folders.Root}/layers", false, shown)
            ?? Refusal(map, $"{folders.Root}/containers", false, shown)
            ?? Refusal(map, folders.Run, false, shown)
            ?? request.Mounts.Select(mount => mount.Kind switch
            {
                MountKind.Bind when mount.View is null => Refusal(map, mount.Source!, !mount.NonRecursive, shown),
                MountKind.Volume when mount.Source is { } name => Refusal(map, folders.VolumePath(name), true, shown),
                _ => null,
            }).FirstOrDefault(static refusal => refusal is not null);
    }

    private static string? Refusal(MappedUsers map, string path, bool recursive, List<Fd> shown)
    {
        using Fd place = Nearest(ref path, ref recursive);
        if (TryShow(map, place, recursive) is { } mount)
        {
            shown.Add(mount);
            return null;
        }

        using Fd? top = recursive ? TryShow(map, place, recursive: false) : null;
        return top is not null
            ? $"{path}: a file system mounted below it shows no mapped owners"
            : $"{path}: its file system ({TypeOf(place)}) shows no mapped owners";
    }

    private static Fd? TryShow(MappedUsers map, Fd place, bool recursive)
    {
        try
        {
            return map.Show(place, recursive);
        }
        catch (LinuxException refused) when (refused.Errno is Errno.EINVAL or Errno.EPERM)
        {
            return null;
        }
    }

    /// <summary>The file system that a missing folder will be made on, without what is mounted there otherwise.</summary>
    private static Fd Nearest(ref string path, ref bool recursive)
    {
        while (true)
        {
            try
            {
                if (HostPath.TryOpen(path, OpenFlags.Path) is { } place)
                {
                    return place;
                }
            }
            catch (LinuxException refused) when (path != "/" && refused.Errno is not (Errno.EMFILE or Errno.ENFILE))
            {
                // whoever mounts it says what is wrong with it
            }

            recursive = false;
            path = Path.GetDirectoryName(path) is { Length: > 0 } parent ? parent : "/";
        }
    }

    private static string TypeOf(Fd place)
    {
        ulong mount = place.Status().MountId;
        return MountTable.Read().FirstOrDefault(entry => (ulong)entry.Id == mount)?.Type ?? "unknown";
    }
}
