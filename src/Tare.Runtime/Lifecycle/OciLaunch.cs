// SPDX-License-Identifier: Apache-2.0
using Tare.Linux;
using Tare.Linux.Cgroups;
using Tare.Linux.Files;
using Tare.Linux.Mounts;
using Tare.Linux.Processes;
using Tare.Oci;
using Tare.Oci.Runtime;
using Tare.Runtime.Planning;
using Tare.Runtime.Planning.Steps;
using Tare.Runtime.Specs;
using Tare.Runtime.Starting;
using FileRoot = Tare.Linux.Files.Root;
using Mount = Tare.Linux.Mounts.Mount;

namespace Tare.Runtime.Lifecycle;

/// <summary>Makes a container out of a bundle; this process is the parent of its first process.</summary>
/// <remarks>
/// In this order: plan, id, cgroups, descriptors, process, hooks. Until the id is taken nothing is made; after it the
/// record says where everything will be, so that <c>delete --force</c> finds what a killed runtime left.
/// </remarks>
internal sealed class OciLaunch : IDisposable
{
    /// <summary>Of containers whose spec leaves it to the runtime.</summary>
    private const string CgroupParent = "tare-oci";

    private readonly OciLaunchRequest _request;
    private readonly Spec _spec;
    private readonly bool _awaitsStart;
    private readonly CgroupHost _host = CgroupHost.Detect();
    private readonly Undo _undo = new();
    private readonly Fd _rootfs;
    private readonly GivenDescriptors _given;
    private readonly PlanHost _facts;
    private readonly LaunchPlan _plan;
    private readonly SeccompListener? _listener;
    private readonly NetDeviceMoves? _devices;
    private readonly CgroupLimits _limits;
    private readonly string _place;
    private OciContainer? _container;
    private (Fd Own, Fd Containers)? _networks;

    /// <summary>Decides everything; makes nothing.</summary>
    /// <param name="request">what is asked for</param>
    /// <param name="awaitsStart">the process waits for <see cref="OciStart"/></param>
    /// <exception cref="TareException">the bundle cannot become a container</exception>
    public OciLaunch(OciLaunchRequest request, bool awaitsStart)
    {
        (_request, _spec, _awaitsStart) = (request, JoinedUsers.Complete(request.Spec), awaitsStart);
        _place = CgroupPath.Of(_spec.Linux?.CgroupsPath is { Length: > 0 } path ? path : $"{CgroupParent}/{request.Id}", request.Id);
        _limits = CgroupTranslation.Limits(WithSuppliedDevices(_spec.Linux?.Resources));
        _listener = SeccompListener.Of(_spec);
        _devices = NetDeviceMoves.Of(_spec);
        _rootfs = OpenRootfs();
        _given = new GivenDescriptors(_spec, _rootfs, request.Bundle);
        using FileRoot view = FileRoot.From(_rootfs.Duplicate());
        _facts = PlanFacts.Look(_spec, _host, _host.Hierarchies.Count(h => !h.IsUnified), _given.FileBinds, init: false, view) with
        {
            AwaitsStart = awaitsStart,
            AwaitsHooks = HasHooks || _devices is not null,
            HandsGoEnd = true,
            PreservedFds = request.PreservedFds,
            KeepsKeyring = request.KeepsKeyring,
            TakesNearestLimit = false,
            RootPlace = _spec.Hooks is { CreateContainer.Count: > 0 } ? RootfsPath : null,
        };
        _plan = LaunchPlan.Compile(_spec, _facts);
    }

    /// <summary>What the caller has to do, once, while the process is being set up; null: nothing.</summary>
    public Action? Meanwhile { get; init; }

    /// <summary>The process that was launched; null before.</summary>
    public Launched? Process { get; private set; }

    /// <summary>The terminal of the process, or its streams.</summary>
    public OciStreams? Streams { get; private set; }

    public LaunchPlan Plan => _plan;

    private bool HasHooks => _spec.Hooks is { Prestart.Count: > 0 } or { CreateRuntime.Count: > 0 }
        or { CreateContainer.Count: > 0 };

    private string RootfsPath => Path.GetFullPath(Path.Combine(_request.Bundle, _spec.Root!.Path));

    /// <summary>Makes it; on failure nothing of it stays.</summary>
    /// <returns>the container, which this object keeps</returns>
    /// <exception cref="TareException">what went wrong, in words</exception>
    public OciContainer Make()
    {
        try
        {
            OciFolder folder = OciFolder.Claim(_request.Root, _request.Id);
            _undo.Add(folder.Remove);
            _container = new(folder, Planned());
            folder.Write(_container.Record);
            folder.WriteConfig(_request.Config.Span);
            Cgroup cgroup = MakeCgroup();
            Launch(folder, cgroup);
            Tell();
            _undo.Keep();
            return _container;
        }
        catch
        {
            _undo.TakeBack();
            throw;
        }
    }

    public void Dispose()
    {
        Process?.Dispose();
        Streams?.Dispose();
        _container?.Dispose();
        _networks?.Own.Dispose();
        _networks?.Containers.Dispose();
        _rootfs.Dispose();
    }

    private Fd OpenRootfs()
    {
        try
        {
            using Fd place = HostPath.Open(RootfsPath, OpenFlags.Path | OpenFlags.Directory);
            Fd clone = Mount.Clone(place, recursive: true);

            // what is mounted in the container never reaches the host's peers of its root
            Mount.SetAttributes(clone, MountAttributes.None, propagation: Propagation.Private, recursive: true);
            return clone;
        }
        catch (LinuxException refused)
        {
            throw new TareException(ErrorKind.InvalidArgument, $"root.path: {refused.Message}", null, refused);
        }
    }

    private static Resources? WithSuppliedDevices(Resources? resources) => resources?.Devices is { } rules
        ? resources with { Devices = [.. rules, .. DefaultDevices.Supplied] }
        : resources;

    private OciRecord Planned()
    {
        IReadOnlyList<string> paths = _host.OpenAt(_place, []).Paths;
        int gate = _plan.Steps.ToList().FindIndex(step => step is AwaitStart);
        return new(_request.Id, _request.Bundle, RootfsPath, _spec.OciVersion, TimeProvider.System.GetUtcNow())
        {
            Cgroups = paths,
            MadeCgroups = [.. paths.Where(path => HostPath.TryStatus(path) is null)],
            HasUnified = _host.Hierarchies is [{ IsUnified: true }, ..],
            Gate = gate,
            LateSteps = gate < 0 ? [] : [.. _plan.Steps.Skip(gate).Select(step => step.Action)],
            HasLateHooks = _spec.Hooks is { StartContainer.Count: > 0 } or { Poststart.Count: > 0 } or { Poststop.Count: > 0 },
            Annotations = _spec.Annotations,
        };
    }

    private Cgroup MakeCgroup()
    {
        try
        {
            Cgroup cgroup = _host.CreateAt(_place, _limits);
            _undo.Add(() => OciDelete.RemoveCgroup(cgroup));
            _container = new(_container!.Folder, _container.Record with { MadeCgroups = cgroup.Made ?? [] });
            if (CgroupOwner.Of(_spec, _host.Version == 2) is { } owner)
            {
                CgroupDelegation.Give(cgroup.Paths[0], owner);
            }

            return cgroup;
        }
        catch (LinuxException refused)
        {
            throw new TareException(ErrorKind.FailedPrecondition, $"linux.resources: {refused.Message}", null, refused);
        }
    }

    private void Launch(OciFolder folder, Cgroup cgroup)
    {
        using var handshake = new Handshake(_awaitsStart ? folder.MakeGate() : null);
        using Fd report = folder.MakeReport();
        _given.Joins = cgroup.OpenForJoin();
        _given.CgroupDirectories = [.. cgroup.Paths.Skip(cgroup.HasUnified && _host.Version == 1 ? 1 : 0)];
        _given.Handshake = handshake;
        Streams = OciStreams.For(_spec, _plan);
        Fd[] given = [.. _given.For(_plan)];
        try
        {
            using Fd? unified = cgroup.HasUnified ? HostPath.OpenDirectory(cgroup.Paths[0]) : null;
            using Fd? inside = _plan.PidNamespace is { } path ? HostPath.Open(path, OpenFlags.ReadOnly) : null;
            Process = Launcher.Start(
                LaunchProgram.Read(_plan.ToProgram()), _plan.Namespaces, [.. Streams.Given, .. given], unified, inside, report);
            _undo.Add(Kill);
            handshake.Begin();
        }
        finally
        {
            Array.ForEach(given, static fd => fd.Dispose());
        }

        Record();
        Outside.Apply(_plan.Outside, Process.Pid, handshake);
        Meanwhile?.Invoke();
        if (HasHooks || _devices is not null)
        {
            Await(handshake);
            MoveDevices();
            RunHooks(cgroup);
            handshake.LetGo();
        }

        if (_awaitsStart || _listener is not null)
        {
            Await(handshake);
        }

        SendListener(handshake);
        if (!_awaitsStart)
        {
            Complete();
        }
    }

    private void SendListener(Handshake handshake)
    {
        if (_listener is null)
        {
            return;
        }

        if (!_listener.Send(Process!, _container!.State(OciStatus.Creating)))
        {
            Complete();
        }

        if (!_awaitsStart)
        {
            handshake.LetGo();
        }
    }

    /// <summary>Before the hooks, which find them in place.</summary>
    private void MoveDevices()
    {
        if (_devices is not null)
        {
            _networks = (
                HostPath.Open("/proc/thread-self/ns/net", OpenFlags.ReadOnly),
                HostPath.Open(FormattableString.Invariant($"/proc/{Process!.Pid}/ns/net"), OpenFlags.ReadOnly));
            _devices.Run(_networks.Value.Own, _networks.Value.Containers, _undo);
        }
    }

    private void RunHooks(Cgroup cgroup)
    {
        if (_spec.Hooks is not { } hooks)
        {
            return;
        }

        State state = _container!.State(OciStatus.Creating);
        OciHooks.Run(hooks.Prestart, "prestart", () => state);
        OciHooks.Run(hooks.CreateRuntime, "createRuntime", () => state);
        OciHooks.Run(
            hooks.CreateContainer,
            "createContainer",
            () => state with { Pid = NamespacePid.Of(Process!.Pid) },
            new CreateHooks(_spec, _facts, cgroup, Process!).Start);
    }

    /// <summary>From here on everybody finds the process.</summary>
    private void Record()
    {
        ulong birth = ProcessIdentity.Of(Process!.Pid)?.StartTicks ?? 0;
        _container = new(_container!.Folder, _container.Record with { Pid = Process.Pid, StartTicks = birth });
        _container.Folder.Write(_container.Record);
    }

    private void Await(Handshake handshake)
    {
        if (!handshake.WaitTold())
        {
            Complete();
        }
    }

    private void Complete()
    {
        if (Process!.Complete() is { } failure)
        {
            throw _plan.Explain(failure).ToException();
        }
    }

    private void Tell()
    {
        if (_request.ConsoleSocket is { } socket && Streams!.Terminal is not null)
        {
            Streams.SendTo(socket);
        }

        if (_request.PidFile is { } path)
        {
            PidFile.Write(path, Process!.Pid);
        }
    }

    private void Kill()
    {
        Process!.Pidfd.TrySend(Signals.Kill);
        try
        {
            Process.Pidfd.Wait();
        }
        catch (LinuxException reaped) when (reaped.Errno == Errno.ECHILD)
        {
        }
    }
}
