// SPDX-License-Identifier: Apache-2.0
using Tare.Engine.Networks;
using Tare.Engine.State;
using Tare.Linux;
using Tare.Linux.Cgroups;
using Tare.Oci;
using Tare.Oci.Runtime;
using Tare.Runtime.Planning;
using Tare.Runtime.Specs;

namespace Tare.Engine.Containers;

/// <summary>Gives a container other limits and other ports, at once when it runs, and at each later start: <c>update</c>.</summary>
internal sealed class ContainerUpdate
{
    private readonly TareEngine _engine;
    private readonly ContainerRow _row;
    private readonly ContainerRecord _record;
    private readonly RunRequest _after;
    private readonly Resources _old;
    private readonly Resources _new;
    private readonly PortUpdate _ports;
    private readonly IReadOnlyList<string>? _image;
    private readonly ContainerStatus _status;

    private ContainerUpdate(TareEngine engine, ContainerRow row, LimitUpdate limits, PortUpdate ports)
    {
        (_engine, _row, _ports) = (engine, row, ports);
        _record = ContainerJson.ReadRecord(row);
        RunRequest before = _record.Request ?? throw new TareException(
            ErrorKind.NotSupported, $"container {row.Name}: made by a version of tare whose containers ran once");
        _status = StatusReader.Read(engine, row);
        _image = PortChange.ImageOf(engine, row);
        _after = ports.ApplyTo(limits.ApplyTo(before), row.Name, _image, LivePorts());
        HostFacts host = HostInspection.Look(withDevices: false);
        _old = ContainerResources.Compose(RequestedOptions.ResourcesOf(before), [], host);
        _new = ContainerResources.Compose(RequestedOptions.ResourcesOf(_after), [], host);
    }

    /// <summary>All of it or nothing.</summary>
    /// <exception cref="TareException">a limit is none, or the kernel refuses it; a port is in use, or not published</exception>
    public static void Run(TareEngine engine, ContainerRow row, LimitUpdate limits, PortUpdate ports)
    {
        (Operation operation, ContainerRow now) = ContainerChange.Take(engine, row);
        using (operation)
        {
            ContainerUpdate update;
            try
            {
                update = new(engine, now, limits, ports);
            }
            catch (TareException)
            {
                operation.Complete();
                throw;
            }

            if (update._status.IsLive)
            {
                update.RunLive(operation);
            }
            else
            {
                update.Record();
            }

            operation.Complete();
        }
    }

    private IReadOnlyList<LivePort> LivePorts()
    {
        using Fd? folder = _status.IsLive ? _engine.Folders.TryOpenLive(_row.Id.Text) : null;
        return (folder is null ? null : LiveNetworks.TryRead(folder))?.Ports ?? [];
    }

    /// <summary>What cannot be taken back stays an operation that nobody completes, which the next command finishes.</summary>
    private void RunLive(Operation operation)
    {
        List<LivePort> ended = _ports.IsEmpty ? [] : [.. _ports.Ended(LivePorts(), [.. PortTexts.Published(_after, _image)])];
        using var change = new PortChange(_engine, _row, _after, _engine.Folders.OpenLive(_row.Id.Text), ended);
        try
        {
            Limit(_old, _new);
            try
            {
                change.Make(_ports.Added);
                RecordOrTakeBack(change);
            }
            catch
            {
                Limit(_new, _old);
                throw;
            }
        }
        catch (TareException)
        {
            if (!change.IsLeft)
            {
                operation.Complete();
            }

            throw;
        }

        change.End();
    }

    private void RecordOrTakeBack(PortChange change)
    {
        try
        {
            Record();
        }
        catch
        {
            change.TakeBack();
            throw;
        }
    }

    private void Record() => _engine.Containers.Describe(_row.Id, ContainerJson.Write(RecordComposer.Changed(_record, _after, _new, _image)));

    private void Limit(Resources before, Resources after)
    {
        CgroupLimits limits = CgroupTranslation.Changes(LimitUpdate.Difference(before, after));
        try
        {
            CgroupHost.Detect().Apply(ContainerCgroup.Of(_engine, _row.Id), limits);
        }
        catch (LinuxException refused)
        {
            throw new TareException(ErrorKind.FailedPrecondition, $"cannot update container {_row.Name}: {refused.Message}", null, refused);
        }
    }
}
