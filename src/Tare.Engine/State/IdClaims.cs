// SPDX-License-Identifier: Apache-2.0
using System.Buffers.Binary;
using System.Globalization;
using System.Text;
using Tare.Linux;
using Tare.Linux.Files;
using Tare.Oci;
using Tare.Runtime.Specs;

namespace Tare.Engine.State;

/// <summary>Who uses which range of the host's ids: a container claims one for each of its runs, from all stores of the host.</summary>
/// <remarks>
/// <para>A claim is a symbolic link, named by the number of the range, to the run folder of the container; the kernel
/// makes it for one of any number that try. The run folder knows the claim by a link back, made before it, so that a
/// claim goes with the folder whoever removes it, and one whose folder is gone is nobody's.</para>
/// <para>The ranges lie above those of systemd's containers, in a part that its table of ids leaves unused, and below
/// those for foreign disk images.</para>
/// </remarks>
internal static class IdClaims
{
    /// <summary>For the whole host: other stores must not meet ours.</summary>
    public const string HostFolder = "/run/tare-host/ids";

    /// <summary>Ranges of <see cref="UserRange.Size"/> ids.</summary>
    public const int Ranges = 4094;

    private const uint FirstId = 0x7000_0000;
    private const uint OwnerOnly = 0b111_000_000;
    private const char SharedMark = '+';
    private const int Guesses = 8;
    private const int MaxNames = 1 << 16;

    private static ReadOnlySpan<byte> BackLink => "ids"u8;

    /// <summary>In the run folder of who has a range that others share.</summary>
    private static ReadOnlySpan<byte> SharedName => "ids-shared"u8;

    private static ReadOnlySpan<byte> LockName => "lock"u8;

    /// <summary>For looking at what could be: nothing ever runs with these ids because of it.</summary>
    public static UserRange Unclaimed => Of(0);

    /// <summary>Claims a range for a run.</summary>
    /// <param name="folders">of the store</param>
    /// <param name="id">of the container, whose operation the caller holds</param>
    /// <param name="live">its run folder, lent; the claim lasts as long as that</param>
    /// <exception cref="TareException">ResourceExhausted: every range is in use</exception>
    public static UserRange Take(EngineFolders folders, string id, Fd live)
    {
        using Fd claims = HostPath.MakeDirectories(HostFolder, OwnerOnly);
        byte[] owner = Encoding.UTF8.GetBytes(folders.LivePath(id));
        int start = Guess();
        for (int i = 0; i < Guesses; i++)
        {
            if (TryTake(claims, live, (start + i * (Ranges / Guesses)) % Ranges, owner))
            {
                return Of((start + i * (Ranges / Guesses)) % Ranges);
            }
        }

        using FileLock alone = FileLock.Take(claims, LockName);
        for (int i = 0; i < Ranges; i++)
        {
            int number = (start + i) % Ranges;
            RemoveStale(claims, Name(number));
            if (TryTake(claims, live, number, owner))
            {
                return Of(number);
            }
        }

        live.TryUnlink(BackLink);
        throw new TareException(
            ErrorKind.ResourceExhausted,
            $"all {Ranges} ranges of user ids are in use",
            "end containers, or run this one with --userns host");
    }

    /// <summary>Claims the range of another container beside it: it is free when both have ended.</summary>
    /// <param name="folders">of the store</param>
    /// <param name="id">of the container, whose operation the caller holds</param>
    /// <param name="live">its run folder, lent</param>
    /// <param name="range">of the other</param>
    /// <param name="owner">the other, which runs</param>
    public static void Share(EngineFolders folders, string id, Fd live, UserRange range, string owner)
    {
        using Fd claims = HostPath.MakeDirectories(HostFolder, OwnerOnly);
        using FileLock alone = FileLock.Take(claims, LockName);
        using Fd theirs = folders.TryOpenLive(owner)
            ?? throw new TareException(ErrorKind.Conflict, $"cannot join network of a non running container: {owner}");
        byte[] name = [.. theirs.ReadLink(BackLink), .. Encoding.ASCII.GetBytes($"{SharedMark}{id}")];
        live.TryUnlink(BackLink);
        live.MakeSymlink(BackLink, name);
        claims.TryUnlink(name);
        claims.MakeSymlink(name, Encoding.UTF8.GetBytes(folders.LivePath(id)));
        MarkShared(theirs);
    }

    /// <summary>Gives back what the run folder has claimed; nothing when it has not.</summary>
    public static void Release(EngineFolders folders, string id)
    {
        using Fd? live = folders.TryOpenLive(id);
        if (live is null || TryReadLink(live, BackLink) is not { } name)
        {
            return;
        }

        using Fd? claims = HostPath.TryOpen(HostFolder, OpenFlags.ReadOnly | OpenFlags.Directory);
        if (claims is not null && IsOwner(claims, name, folders.LivePath(id)))
        {
            if (live.TryStatus(SharedName) is null || !TryPassOn(claims, name))
            {
                claims.TryUnlink(name);
            }
        }

        live.TryUnlink(BackLink);
    }

    /// <summary>The claims of a store's containers: number of the range and id of the container.</summary>
    public static IEnumerable<(string Range, string Container)> Of(EngineFolders folders)
    {
        using Fd? claims = HostPath.TryOpen(HostFolder, OpenFlags.ReadOnly | OpenFlags.Directory);
        if (claims is null)
        {
            yield break;
        }

        string ours = folders.LivePath("");
        foreach (byte[] name in claims.SortedNames(MaxNames))
        {
            if (TryOwner(claims, name) is { } owner && owner.StartsWith(ours, StringComparison.Ordinal))
            {
                yield return (Encoding.ASCII.GetString(name), owner[ours.Length..]);
            }
        }
    }

    /// <summary>Takes away the claim of a container that has no run folder.</summary>
    public static void RemoveStale(string range)
    {
        using Fd claims = HostPath.OpenDirectory(HostFolder);
        using FileLock alone = FileLock.Take(claims, LockName);
        RemoveStale(claims, Encoding.ASCII.GetBytes(range));
    }

    /// <summary>The link back comes first: a claim that nobody knows of would stay for ever.</summary>
    private static bool TryTake(Fd claims, Fd live, int number, byte[] owner)
    {
        byte[] name = Name(number);
        if (claims.TryStatus(name) is not null)
        {
            return false;
        }

        live.TryUnlink(BackLink);
        live.MakeSymlink(BackLink, name);
        try
        {
            claims.MakeSymlink(name, owner);
            return true;
        }
        catch (LinuxException taken) when (taken.Errno == Errno.EEXIST)
        {
            return false;
        }
    }

    /// <summary>Under the lock: nobody else takes away a claim that was made in the place of a stale one.</summary>
    private static void RemoveStale(Fd claims, byte[] name)
    {
        if (TryOwner(claims, name) is { } owner && HostPath.TryStatus(owner) is null)
        {
            claims.TryUnlink(name);
        }
    }

    /// <summary>One that shared the range has it from now on.</summary>
    private static bool TryPassOn(Fd claims, byte[] name)
    {
        using FileLock alone = FileLock.Take(claims, LockName);
        string root = Encoding.ASCII.GetString(name).Split(SharedMark)[0];
        foreach (byte[] share in claims.SortedNames(MaxNames))
        {
            bool isShare = Encoding.ASCII.GetString(share).StartsWith(root + SharedMark, StringComparison.Ordinal) && !share.AsSpan().SequenceEqual(name);
            if (isShare && TryOwner(claims, share) is { } owner && HostPath.TryOpen(owner, OpenFlags.ReadOnly | OpenFlags.Directory) is { } heir)
            {
                using (heir)
                {
                    MarkShared(heir);
                    heir.TryUnlink(BackLink);
                    heir.MakeSymlink(BackLink, name);
                    claims.Rename(share, claims, name);
                    return true;
                }
            }
        }

        return false;
    }

    private static void MarkShared(Fd live) => live.Open(SharedName, OpenFlags.WriteOnly | OpenFlags.Create, 0b110_000_000).Dispose();

    private static bool IsOwner(Fd claims, byte[] name, string live) => TryOwner(claims, name) == live;

    private static string? TryOwner(Fd claims, byte[] name) =>
        TryReadLink(claims, name) is { } owner ? Encoding.UTF8.GetString(owner) : null;

    /// <summary>Null when there is none, or something else.</summary>
    private static byte[]? TryReadLink(Fd folder, ReadOnlySpan<byte> name)
    {
        try
        {
            return folder.ReadLink(name);
        }
        catch (LinuxException gone) when (gone.Errno is Errno.ENOENT or Errno.EINVAL)
        {
            return null;
        }
    }

    private static int Guess()
    {
        Span<byte> random = stackalloc byte[2];
        Entropy.Fill(random);
        return BinaryPrimitives.ReadUInt16LittleEndian(random) % Ranges;
    }

    private static UserRange Of(int number) => new(FirstId + (uint)number * UserRange.Size);

    private static byte[] Name(int number) => Encoding.ASCII.GetBytes(number.ToString(CultureInfo.InvariantCulture));
}
