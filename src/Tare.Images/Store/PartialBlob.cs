// SPDX-License-Identifier: Apache-2.0
using System.Text;
using Tare.Linux;
using Tare.Linux.Files;
using Tare.Oci;

namespace Tare.Images.Store;

/// <summary>A blob on its way from afar, whose bytes outlive the process that fetches it.</summary>
/// <remarks>
/// It stands in scratch under its digest, locked as long as somebody fetches it: <c>partHEX.blob</c>, and what an earlier
/// process got of it <c>partHEX.old</c>, from which the first bytes are read again. Nothing in either is believed: all passes
/// the digest once more. A file from before the last boot may have holes that were never written, so it does not count.
/// </remarks>
internal sealed class PartialBlob : IDisposable
{
    /// <summary>Smaller ones come again sooner than they are looked for. bytes</summary>
    public const long MinBytes = 1 << 20;

    private const string Prefix = "part";

    /// <summary>How long nobody needs to come back to it before it goes by itself.</summary>
    private static readonly TimeSpan KeptFor = TimeSpan.FromDays(7);

    private readonly StoreFolder _folder;
    private readonly Scratch _claim;
    private readonly byte[] _name;
    private readonly byte[] _oldName;
    private bool _isKept;

    private PartialBlob(StoreFolder folder, Scratch claim, Fd blob)
    {
        (_folder, _claim, Blob) = (folder, claim, blob);
        (_name, _oldName) = ([.. claim.Name, .. ".blob"u8], [.. claim.Name, .. ".old"u8]);
    }

    /// <summary>Where the bytes go; lent. It has no name among the blobs.</summary>
    public Fd Blob { get; }

    /// <summary>The first bytes as an earlier process got them, lent; null when there are none.</summary>
    public Fd? Before { get; private set; }

    /// <summary>Null when another process is fetching the same.</summary>
    public static PartialBlob? TryBegin(StoreFolder folder, BlobStore blobs, Digest digest, DateTimeOffset now)
    {
        if (Scratch.TryTake(folder, Prefix + digest.Hex) is not { } claim)
        {
            return null;
        }
        PartialBlob partial;
        try
        {
            partial = new PartialBlob(folder, claim, blobs.Create(digest.Algorithm));
        }
        catch
        {
            claim.Dispose();
            throw;
        }
        try
        {
            partial.TakeBefore(now);
            folder.Scratch.LinkFile(partial._name, partial.Blob);
            return partial;
        }
        catch
        {
            partial.Dispose();
            throw;
        }
    }

    /// <summary>True for something in scratch that a later process may go on with, and that is young enough for it.</summary>
    public static bool IsWorthKeeping(Fd scratch, ReadOnlySpan<byte> name, DateTimeOffset now) =>
        name.StartsWith(Encoding.ASCII.GetBytes(Prefix)) && (name.EndsWith(".blob"u8) || name.EndsWith(".old"u8))
        && scratch.TryStatus(name) is { IsRegular: true, Size: > 0 } status
        && IsWhole(status, now) && now - DateTimeOffset.FromUnixTimeSeconds(status.ModifyTime.Seconds) < KeptFor;

    /// <summary>What is there when this is disposed is for the next who comes.</summary>
    public void Keep() => _isKept = true;

    public void Dispose()
    {
        try
        {
            bool isOldBetter = _isKept && Before is not null && Before.Status().Size > Blob.Status().Size;
            if (isOldBetter)
            {
                _folder.Scratch.Rename(_oldName, _folder.Scratch, _name);
            }
            else
            {
                _folder.Scratch.TryUnlink(_oldName);
                _ = (_isKept && Blob.Status().Size > 0) || _folder.Scratch.TryUnlink(_name);
            }
        }
        finally
        {
            Before?.Dispose();
            Blob.Dispose();
            _claim.Dispose();
        }
    }

    private static bool IsWhole(FileStatus status, DateTimeOffset now)
    {
        DateTimeOffset boot = now - TimeSpan.FromMilliseconds(Environment.TickCount64);
        return status.ModifyTime.Seconds > boot.ToUnixTimeSeconds();
    }

    /// <summary>The longer of the two, after a process that died while it read the old one again; it is the old one then.</summary>
    private void TakeBefore(DateTimeOffset now)
    {
        Fd scratch = _folder.Scratch;
        FileStatus? last = scratch.TryStatus(_name);
        FileStatus? older = scratch.TryStatus(_oldName);
        if (last is not null && (older is null || last.Value.Size >= older.Value.Size))
        {
            scratch.Rename(_name, scratch, _oldName);
        }
        else
        {
            scratch.TryUnlink(_name);
        }
        Fd? before = scratch.TryOpen(_oldName, OpenFlags.ReadOnly);
        if (before?.Status() is { IsRegular: true, Size: > 0 } status && IsWhole(status, now))
        {
            Before = before;
            return;
        }
        before?.Dispose();
        scratch.TryUnlink(_oldName);
    }
}
