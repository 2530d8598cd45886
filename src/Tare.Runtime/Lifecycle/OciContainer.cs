// SPDX-License-Identifier: Apache-2.0
using Tare.Linux;
using Tare.Linux.Cgroups;
using Tare.Linux.Processes;
using Tare.Oci;
using Tare.Oci.Runtime;
using Tare.Runtime.Bundles;

namespace Tare.Runtime.Lifecycle;

/// <summary>One container of an OCI runtime: its folder, its record, and what is true of it now.</summary>
/// <remarks>Nobody watches over it: the status is read from the kernel whenever somebody asks.</remarks>
internal sealed class OciContainer : IDisposable
{
    private readonly OciFolder _folder;
    private Spec? _spec;

    /// <param name="folder">owned from now on</param>
    /// <param name="record">what the folder says</param>
    public OciContainer(OciFolder folder, OciRecord record) => (_folder, Record) = (folder, record);

    public OciRecord Record { get; }

    public OciFolder Folder => _folder;

    /// <summary>Whether they are there or not: directories that are gone count as empty.</summary>
    /// <remarks>Before there is a process, only those that were not there: what runs in the others is somebody else's.</remarks>
    public Cgroup Cgroup => new(Record.Pid == 0 ? Record.MadeCgroups : Record.Cgroups)
    {
        HasUnified = Record.HasUnified && (Record.Pid != 0 || Record.MadeCgroups.Contains(Record.Cgroups[0])),
        Made = Record.MadeCgroups,
    };

    public ProcessIdentity Init => new(Record.Pid, Record.StartTicks);

    /// <summary>A container that is there.</summary>
    /// <param name="root">the runtime's root</param>
    /// <param name="id">the container's</param>
    /// <param name="toChange">waits until nobody else changes it, and holds others off</param>
    /// <exception cref="TareException">NotFound</exception>
    public static OciContainer Open(string root, string id, bool toChange) =>
        TryOpen(root, id, toChange) ?? throw new TareException(ErrorKind.NotFound, $"container does not exist: {id}");

    /// <summary>Null when there is none of this id.</summary>
    public static OciContainer? TryOpen(string root, string id, bool toChange)
    {
        OciFolder? folder = OciFolder.TryOpen(root, id, shared: !toChange);
        try
        {
            return folder is null ? null : new(folder, folder.TryRead() ?? new OciRecord(id, "", "", "", default));
        }
        catch
        {
            folder?.Dispose();
            throw;
        }
    }

    /// <summary>Asks the kernel.</summary>
    public OciStatus Status()
    {
        if (Record.Pid == 0)
        {
            return _folder.IsBeingMade() ? OciStatus.Creating : OciStatus.Stopped;
        }

        return !Init.IsAlive ? OciStatus.Stopped
            : Cgroup.IsFrozen ? OciStatus.Paused
            : _folder.TryReadReport() is { ReachedExec: 0 } ? OciStatus.Created
            : OciStatus.Running;
    }

    /// <summary>As it was at the creation; the bundle may have changed since.</summary>
    /// <exception cref="TareException">Corrupt: it cannot be read</exception>
    public Spec Spec()
    {
        try
        {
            return _spec ??= SpecForm.Of(ConfigReader.ReadSpec(_folder.ReadConfig()));
        }
        catch (Exception damaged) when (damaged is TareException or LinuxException)
        {
            throw new TareException(ErrorKind.Corrupt, $"container {Record.Id}: config.json is damaged: {damaged.Message}", null, damaged);
        }
    }

    /// <summary>Null when its creation did not come so far.</summary>
    public Spec? TrySpec()
    {
        try
        {
            return Spec();
        }
        catch (TareException)
        {
            return null;
        }
    }

    /// <summary>What the specification calls the state of a container; paused is running.</summary>
    public State State(OciStatus status) => new(Record.OciVersion, Record.Id, Translate(status), Record.Bundle)
    {
        Pid = status == OciStatus.Stopped ? 0 : Record.Pid,
        Annotations = Record.Annotations,
    };

    public void Dispose() => _folder.Dispose();

    private static ContainerStatus Translate(OciStatus status) => status switch
    {
        OciStatus.Creating => ContainerStatus.Creating,
        OciStatus.Created => ContainerStatus.Created,
        OciStatus.Stopped => ContainerStatus.Stopped,
        _ => ContainerStatus.Running,
    };
}
