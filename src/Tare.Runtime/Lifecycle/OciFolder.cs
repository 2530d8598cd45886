// SPDX-License-Identifier: Apache-2.0
using System.Text;
using System.Text.Json;
using Tare.Linux;
using Tare.Linux.Files;
using Tare.Linux.Processes;
using Tare.Oci;

namespace Tare.Runtime.Lifecycle;

/// <summary>The folder of one container below the runtime's root: who makes it has the id, who locks it may change it.</summary>
/// <remarks>
/// <c>state.json</c> the record, <c>config.json</c> the spec as it was at the creation, <c>exec.fifo</c> what the
/// process waits at until the start (containerd looks for this name in /proc/PID/fd), <c>report</c> how the launch ended.
/// </remarks>
internal sealed class OciFolder : IDisposable
{
    private const uint Private = 0b111_000_000;
    private const int MaxRecordBytes = 1 << 20;
    private const int MaxConfigBytes = 16 << 20;

    private readonly Fd _root;
    private readonly Fd _folder;
    private readonly FileLock? _lock;

    private OciFolder(string id, Fd root, Fd folder, FileLock? held) => (Id, _root, _folder, _lock) = (id, root, folder, held);

    public string Id { get; }

    private static ReadOnlySpan<byte> Record => "state.json"u8;

    private static ReadOnlySpan<byte> Config => "config.json"u8;

    private static ReadOnlySpan<byte> Gate => "exec.fifo"u8;

    private static ReadOnlySpan<byte> Report => "report"u8;

    /// <summary>Takes an id that nobody has, and its lock.</summary>
    /// <exception cref="TareException">AlreadyExists</exception>
    public static OciFolder Claim(string root, string id)
    {
        OciId.Check(id);
        Fd above = HostPath.MakeDirectories(root, Private);
        byte[] name = Encoding.ASCII.GetBytes(id);
        try
        {
            if (!above.TryMakeDirectory(name, Private))
            {
                throw new TareException(ErrorKind.AlreadyExists, $"container with given ID already exists: {id}");
            }

            return Lock(id, above, name);
        }
        catch
        {
            above.Dispose();
            throw;
        }
    }

    /// <summary>Of a folder that was just made; one that cannot be locked gives its id back.</summary>
    private static OciFolder Lock(string id, Fd above, byte[] name)
    {
        Fd? folder = null;
        try
        {
            folder = above.Open(name, OpenFlags.ReadOnly | OpenFlags.Directory);
            return new(id, above, folder, FileLock.Take(folder));
        }
        catch
        {
            folder?.Dispose();
            FileTree.Remove(above, name);
            throw;
        }
    }

    /// <summary>The folder of a container, locked; null when there is none of this id.</summary>
    /// <param name="root">the runtime's root</param>
    /// <param name="id">the container's</param>
    /// <param name="shared">to look only; any number at once, and beside a change</param>
    public static OciFolder? TryOpen(string root, string id, bool shared)
    {
        OciId.Check(id);
        if (HostPath.TryOpen(root, OpenFlags.ReadOnly | OpenFlags.Directory) is not { } above)
        {
            return null;
        }

        byte[] name = Encoding.ASCII.GetBytes(id);
        Fd? folder = above.TryOpen(name, OpenFlags.ReadOnly | OpenFlags.Directory | OpenFlags.NoFollow);
        if (folder is null)
        {
            above.Dispose();
            return null;
        }

        if (shared)
        {
            return new(id, above, folder, null);
        }

        var opened = new OciFolder(id, above, folder, FileLock.Take(folder));
        if (opened._lock!.IsStillNamed(above, name))
        {
            return opened;
        }

        opened.Dispose();
        return null;
    }

    /// <summary>Ids of all that are there, in order.</summary>
    public static List<string> List(string root)
    {
        using Fd? above = HostPath.TryOpen(root, OpenFlags.ReadOnly | OpenFlags.Directory);
        return above is null
            ? []
            : [.. above.SortedNames(int.MaxValue).Select(Encoding.UTF8.GetString)];
    }

    public void Write(OciRecord record) => AtomicFile.Write(_folder, Record, LifecycleJson.Write(record), durable: false);

    /// <summary>Null while its creation has not come so far.</summary>
    /// <exception cref="TareException">Corrupt</exception>
    public OciRecord? TryRead()
    {
        using Fd? file = _folder.TryOpen(Record, OpenFlags.ReadOnly);
        try
        {
            return file is null ? null : LifecycleJson.Read(file.ReadAll(MaxRecordBytes));
        }
        catch (JsonException damaged)
        {
            throw new TareException(ErrorKind.Corrupt, $"container {Id}: state.json is damaged: {damaged.Message}", null, damaged);
        }
    }

    public void WriteConfig(ReadOnlySpan<byte> bytes)
    {
        using Fd file = _folder.Open(Config, OpenFlags.WriteOnly | OpenFlags.Create | OpenFlags.Exclusive, 0b110_000_000);
        file.Write(bytes);
    }

    public byte[] ReadConfig()
    {
        using Fd file = _folder.Open(Config, OpenFlags.ReadOnly);
        return file.ReadAll(MaxConfigBytes);
    }

    /// <summary>Makes the fifo and opens it both ways, so that reading it never finds an end.</summary>
    public Fd MakeGate()
    {
        _folder.MakeNode(Gate, FileKind.Fifo, 0b110_000_000);
        return _folder.Open(Gate, OpenFlags.ReadWrite);
    }

    /// <summary>The end that starts; null when nobody waits at the other.</summary>
    public Fd? TryOpenGate()
    {
        try
        {
            return _folder.TryOpen(Gate, OpenFlags.WriteOnly | OpenFlags.NonBlocking);
        }
        catch (LinuxException nobody) when (nobody.Errno == Errno.ENXIO)
        {
            return null;
        }
    }

    /// <summary>The container has been started: nobody waits any more.</summary>
    public void RemoveGate() => _folder.TryUnlink(Gate);

    public Fd MakeReport() => LaunchReportFile.Create(_folder, Report);

    public LaunchReport? TryReadReport() => LaunchReportFile.TryRead(_folder, Report);

    /// <summary>True while another process holds the lock.</summary>
    public bool IsBeingMade()
    {
        using FileLock? free = _lock is null ? FileLock.TryTake(_folder) : null;
        return _lock is null && free is null;
    }

    /// <summary>Gives the id back.</summary>
    public void Remove() => FileTree.Remove(_root, Encoding.ASCII.GetBytes(Id));

    public void Dispose()
    {
        _lock?.Dispose();
        _folder.Dispose();
        _root.Dispose();
    }
}
