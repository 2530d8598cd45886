// SPDX-License-Identifier: Apache-2.0
using Tare.Engine.Networks;
using Tare.Keeper;
using Tare.Linux;
using Tare.Linux.Cgroups;
using Tare.Linux.Processes;
using Tare.Linux.Terminals;
using Tare.Oci;
using Tare.Runtime.Planning;
using Tare.Runtime.Starting;
using FileRoot = Tare.Linux.Files.Root;

namespace Tare.Engine.Containers;

/// <summary>Starts a created container under a keeper; whatever fails, nothing of the start stays.</summary>
/// <remarks>In this order: files of the run folder, cgroup, plan and descriptors, keeper.</remarks>
internal sealed class ContainerLaunch(TareEngine engine, CreatedContainer container)
{
    /// <summary>What is beyond is closed by itself, which takes longer.</summary>
    private const int MaxAsides = 64;

    private readonly List<Fd> _given = [];
    private readonly CgroupHost _cgroups = CgroupHost.Detect();

    /// <summary>Returns when the container runs.</summary>
    /// <param name="keeper">waits for its order; used up</param>
    /// <param name="streams">of the starter when it stays attached, else null</param>
    /// <param name="cleansUp">the starter stays until the end and settles it</param>
    /// <exception cref="LaunchException">it could not be started</exception>
    /// <returns>the starter's session; the caller disposes it</returns>
    public KeeperSession Start(NewKeeper keeper, SessionStreams? streams, bool cleansUp)
    {
        var undo = new Undo();
        try
        {
            using Fd live = OpenLive(undo);

            // what it claimed before its folder said so
            undo.Add(() => NetworkRecovery.ReleaseUnknown(engine.Folders, container.Row.Id.Text));
            using NetworkStart? network = FillLive(live);
            Cgroup cgroup = MakeCgroup(undo);
            using FileRoot view = FileRoot.From(container.Rootfs.Duplicate());
            LaunchPlan plan = Plan(cgroup, view, network?.Gate);
            using Fd store = engine.Folders.OpenContainer(container.Row.Id.Text);
            KeeperOrder order = KeeperOrders.Common(engine, container.Row, container.Record, cgroup) with
            {
                Main = MainOrder(plan, streams),
                StarterCleansUp = cleansUp,
                TellsBirth = network is not null,
                HasNetworks = network is not null,
            };
            KeeperSession session = keeper.Start(order, live, store, _given);
            if (Await(session, network, streams).Failure is { } failure)
            {
                session.WaitGone();
                session.Dispose();
                throw new LaunchException(Explain(plan, failure));
            }

            undo.Keep();
            return session;
        }
        catch
        {
            if (!undo.TakeBack())
            {
                container.Operation.LeaveToNext();
            }

            throw;
        }
        finally
        {
            // the keeper has its own; the root file system is from now on only the container's
            _given.ForEach(fd => fd.Dispose());
        }
    }

    private RunRequest Request => container.Record.Request!;

    private ProcessOrder MainOrder(LaunchPlan plan, SessionStreams? streams) => new()
    {
        Program = LaunchProgram.Read(plan.ToProgram()),
        Namespaces = plan.Namespaces,
        Outside = plan.Outside,
        GoAt = GoAt(plan),
        Terminal = Request.Tty,
        TerminalSize = streams?.Terminal is { } terminal ? TerminalMode.Size(terminal) : null,
        OpenInput = Request.Interactive,
        InputOnce = container.Record.Config.StdinOnce,
        StreamOwner = (container.Users.Range?.First ?? 0) + (container.Spec.Process?.User?.Uid ?? 0),
        AttachStarter = streams is not null,
        EndsWithOutput = streams is not null && container.Row.AutoRemove,
    };

    /// <summary>Where the keeper puts what it lets the process go with.</summary>
    private static int GoAt(LaunchPlan plan)
    {
        int at = plan.Given.TakeWhile(static given => given.Kind != GivenKind.GoEnd).Count();
        return at < plan.Given.Count ? at - StandardGiven.First : 0;
    }

    private static KeeperStart Await(KeeperSession session, NetworkStart? network, SessionStreams? streams)
    {
        try
        {
            return network is null ? session.WaitStarted(streams) : network.Await(session, streams);
        }
        catch
        {
            session.WaitGone();
            session.Dispose();
            throw;
        }
    }

    private Fd OpenLive(Undo undo)
    {
        undo.Add(() => engine.Folders.RemoveLive(container.Row.Id.Text));
        return engine.Folders.OpenLive(container.Row.Id.Text);
    }

    /// <summary>The networks are claimed first: the files name their addresses.</summary>
    private NetworkStart? FillLive(Fd live)
    {
        string resolvers = HostFiles.ReadHosts(JoinedSpace.ResolverFileOf(Request));
        var network = NetworkStart.Claim(engine, container, live, resolvers);
        try
        {
            ResolverFile own = HostNames.Resolvers(Request, network is not null, network is { HasNameServer: true }, resolvers);
            HostFiles.Write(live, HostNames.Of(engine, container, network), own.Text);
            if (network is not null)
            {
                network.Upstreams = own.Upstreams;
            }

            return network;
        }
        catch
        {
            network?.Dispose();
            throw;
        }
    }

    private Cgroup MakeCgroup(Undo undo)
    {
        try
        {
            Cgroup cgroup = ContainerCgroup.Make(
                engine, container.Row.Id, Request, _cgroups, CgroupTranslation.Limits(container.Spec.Linux?.Resources));
            // with what is inside: a keeper that died on the way leaves its child
            undo.Add(() => ContainerCgroup.Remove(engine, container.Row.Id));
            if (CgroupOwner.Of(container.Spec, _cgroups.Version == 2) is { } owner)
            {
                CgroupDelegation.Give(cgroup.Paths[0], owner);
            }

            return cgroup;
        }
        catch (LinuxException refused)
            when (refused.Errno is Errno.ERANGE or Errno.EINVAL && Request.CpusetCpus is { Length: > 0 } cpus)
        {
            throw new TareException(
                ErrorKind.InvalidArgument, $"requested CPUs are not available: {cpus}", "see what there is with: nproc", refused);
        }
        catch (LinuxException refused)
        {
            throw new TareException(
                ErrorKind.FailedPrecondition, $"limit container {container.Row.Id.Short}: {refused.Message}", null, refused);
        }
    }

    private LaunchPlan Plan(Cgroup cgroup, FileRoot view, Fd? networkGate)
    {
        Fd[] asides = [.. container.Users.Spent.Take(MaxAsides)];
        List<Fd> joins = cgroup.OpenForJoin();
        var given = new GivenDescriptors(container.Spec, container.Rootfs.Duplicate(), places: container.Views?.Places)
        {
            Joins = joins,
            Users = container.Users.Map,
            Asides = asides,
            NetworkGate = networkGate,
        };
        LaunchPlan plan = LaunchPlan.Compile(
            container.Spec,
            PlanFacts.Look(container.Spec, _cgroups, joins.Count, given.FileBinds, Request.Init ?? false, view) with
            {
                Asides = asides.Length,
                AwaitsNetwork = networkGate is not null,

                // or it would outwait a keeper that is killed now, and hold its connection to us
                HandsGoEnd = true,
            });
        foreach (string warning in plan.Warnings)
        {
            engine.Warned?.Invoke(warning);
        }

        _given.AddRange(given.For(plan));

        // it still runs: so what was opened by its number is its own
        if (JoinedContainer.Of(engine, Request) is { } joined && !joined.IsIn(container.Spec))
        {
            throw new TareException(ErrorKind.Conflict, $"container {joined.Id.Short}, whose network is joined, was started again just now");
        }

        return plan;
    }

    private LaunchError Explain(LaunchPlan plan, KeeperFailure failure) => failure.Step < 0
        ? new(LaunchError.EngineFailed, ErrorKind.Internal, $"container {container.Row.Id.Short}: {failure.Text}")
        : plan.Explain(new LaunchFailure(failure.Error, failure.Step, failure.Call));
}
