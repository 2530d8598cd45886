// SPDX-License-Identifier: Apache-2.0
using Tare.Linux.Processes;
using Tare.Oci;
using Tare.Oci.Runtime;
using Tare.Runtime.Planning.Steps;
using static Tare.Linux.Processes.ProgramConstants;

namespace Tare.Runtime.Planning;

/// <summary>Decides which steps make a container, in which order, and what they need from the starter.</summary>
/// <remarks>
/// This file holds the order; the chapters beside it hold namespaces, mounts, and who the process is.
/// Everything that a host may refuse is decided here, before anything is done.
/// </remarks>
internal sealed partial class PlanCompiler
{
    private const uint DefaultUmask = 0x12; // 0022

    private readonly Spec _spec;
    private readonly PlanHost _host;
    private readonly Process _process;
    private readonly LinuxSpec _linux;
    private readonly List<Step> _steps = [];
    private readonly List<string> _warnings = [];

    /// <summary>What the starter moves, one line each.</summary>
    private readonly List<string> _netDevices = [];

    /// <summary>The process has closed the starter's end of the pipe that it waits at.</summary>
    private bool _letsGoOfStarter;

    /// <summary>From the clone on the process has no rights over the host.</summary>
    private bool _isInside;
    private readonly List<GivenFd> _given =
    [
        new(GivenKind.Stdin),
        new(GivenKind.Stdout),
        new(GivenKind.Stderr),
        new(GivenKind.TerminalMount),
    ];

    private PlanCompiler(Spec spec, PlanHost host)
    {
        _spec = spec;
        _host = host;
        _process = spec.Process ?? throw Invalid("the spec has no process");
        _linux = spec.Linux ?? throw Invalid("the spec has no linux section");
        RefuseWhatIsNotThere();
    }

    public static LaunchPlan Compile(Spec spec, PlanHost host)
    {
        var compiler = new PlanCompiler(spec, host);
        ulong created = compiler.ReadNamespaces();
        compiler.RefuseHooksWithoutHost();
        compiler.AddSteps();
        compiler.MoveDevices();
        return compiler.Plan(created, compiler._pidNamespace, compiler._outside);
    }

    /// <summary>The plan of a further process in a container that runs.</summary>
    public static LaunchPlan CompileExec(Spec spec, PlanHost host)
    {
        var compiler = new PlanCompiler(spec, host);
        compiler.ReadNamespaces();
        compiler.AddExecSteps();
        return compiler.Plan();
    }

    /// <summary>The plan of a program of the host's in the namespaces of a container that is being made.</summary>
    public static LaunchPlan CompileHook(Spec spec, PlanHost host, Hook hook)
    {
        var compiler = new PlanCompiler(spec, host);
        compiler.ReadNamespaces();
        compiler.AddHookSteps(hook);
        return compiler.Plan();
    }

    private LaunchPlan Plan(ulong created = 0, string? pidNamespace = null, PlanOutside? outside = null) => new(
        _steps, (CloneFlags)created, _given)
    {
        PidNamespace = pidNamespace,
        Outside = outside,
        TerminalOptions = _terminalOptions,
        NetDevices = _netDevices,
        Warnings = _warnings,
    };

    private void AddExecSteps()
    {
        Add(new StayHidden());
        BindToProcessors(_process.ExecCpuAffinity?.Initial);
        JoinCgroups();
        BindToProcessors(_process.ExecCpuAffinity?.Final);
        var enter = new EnterContainer(Given(new(GivenKind.Container)), _own & ~CLONE_NEWPID);
        if (HasUsers)
        {
            // while the process still has rights over the host
            AddIf(NeedsProc(), () => new OpenProc());
            _isEntering = true;
            SetLimits();
            SetScheduling();
            _isEntering = false;
            Add(enter);
            Add(new BecomeRoot());
        }
        else
        {
            Add(enter);
        }

        Add(new NewSession());
        AddIf(!_host.KeepsKeyring, () => new NewKeyring());
        AddIf(_process.Terminal, () => new ControllingTerminal(_process.ConsoleSize));
        AddIf(!HasUsers && NeedsProc(), () => new OpenProc());
        Add(new EnterDirectory(TargetPath.Clean(_process.Cwd, "working directory")));
        Add(new TakeStreams());
        _limits.ForEach(Add);
        if (!HasUsers)
        {
            SetLimits();
            SetScheduling();
        }

        BecomeProcess();
    }

    /// <summary>With all rights over the container, as whoever made it, and none over the host where the container has none.</summary>
    private void AddHookSteps(Hook hook)
    {
        Add(new StayHidden());
        JoinCgroups();
        Add(new EnterContainer(Given(new(GivenKind.Container)), _own & ~CLONE_NEWPID));
        AddIf(HasUsers, () => new BecomeRoot());
        Add(new EnterRoot(Given(new(GivenKind.HostRoot)), _host.RootPlace ?? "/"));
        Add(new TakeStreams());
        Add(new CloseOthers());
        Add(new Execute(hook.Args is { Count: > 0 } args ? args : [hook.Path], [hook.Path], hook.Env ?? []));
    }

    private void AddSteps()
    {
        bool hasRoot = (_new & CLONE_NEWNS) != 0;
        _isInside = HasUsers;
        _rootfs = hasRoot ? Given(new(GivenKind.Rootfs)) : -1;
        Add(new StayHidden());
        JoinAll();
        Add(new NewSession());
        AddIf(!_host.KeepsKeyring && !HasUsers, () => new NewKeyring());
        AddIf(_process.Terminal, () => new ControllingTerminal(_process.ConsoleSize));
        Add(new SetUmask(0));
        NewTime();
        AddIf(hasRoot, () => new DetachPropagation());
        AddIf(hasRoot && _host.RootPlace is not null, () => new FindPlace(_host.RootPlace!));
        BecomeMapped();
        if (hasRoot)
        {
            MakeRoot();
        }

        bool needsProc = _linux.Sysctl is { Count: > 0 } || (_new & CLONE_NEWTIME) != 0 || NeedsProc();
        AddIf(needsProc, () => new OpenProc());
        EnterTime();
        SetSysctls();
        SetHostNames();
        AddIf(hasRoot && _spec.Root is { Readonly: true }, () => new SealMount("/"));
        AwaitHooks();
        if (hasRoot)
        {
            TakeRoot();
        }

        Add(new EnterDirectory(TargetPath.Clean(_process.Cwd, "working directory")));

        // all that went before passed while the starter made the network
        AddIf(_host.AwaitsNetwork, () => new WaitForNetwork(Given(new(GivenKind.NetworkGate))));

        // the last that needs new descriptors, of which a limit may leave none
        Add(new TakeStreams());
        SetLimits();
        SetScheduling();
        BecomeProcess();
    }

    /// <summary>The container's file system, while the host's is still there.</summary>
    private void MakeRoot()
    {
        OpenMasks();
        Add(new AttachRoot(_rootfs, _host.RootPlace));
        MountAll();
        MakeDevices();
        CoverPaths();
        _sealed.ForEach(target => Add(new SealMount(target)));
    }

    private void TakeRoot()
    {
        Add(new PivotRoot());
        SetRootPropagation();
    }

    /// <summary>Also where the root is another container's: the starter waits for the word in any case.</summary>
    private void AwaitHooks()
    {
        if (_host.AwaitsHooks)
        {
            Add(new TellStarter(Given(new(GivenKind.Tell))));
            Add(new WaitForGo(Go()));
        }
    }

    private void MoveDevices()
    {
        foreach ((string device, NetDevice inside) in _linux.NetDevices ?? new Dictionary<string, NetDevice>())
        {
            bool isRenamed = inside.Name is { Length: > 0 } name && name != device;
            _netDevices.Add(isRenamed ? $"move network device {device} in as {inside.Name}" : $"move network device {device} in");
        }

        _netDevices.Sort(StringComparer.Ordinal);
    }

    /// <summary>Where the word to go on comes from; the first time, without what would keep it from ending.</summary>
    private int Go()
    {
        if (_host.HandsGoEnd && !_letsGoOfStarter)
        {
            _letsGoOfStarter = true;
            Add(new LetGoOfStarter(Given(new(GivenKind.GoEnd))));
        }

        return Given(new(GivenKind.Go));
    }

    private void RefuseWhatIsNotThere()
    {
        Refuse(_linux.IntelRdt is not null, "intelRdt");
        RefuseLabel("selinux", _linux.MountLabel, _host.HasSelinux);
    }

    /// <summary>Paths of the host lead nowhere in a mount namespace that is another container's already.</summary>
    private void RefuseHooksWithoutHost()
    {
        if (_spec.Hooks?.CreateContainer is { Count: > 0 } && (_new & CLONE_NEWNS) == 0)
        {
            throw new TareException(
                ErrorKind.NotSupported, "hooks.createContainer: in a mount namespace that is joined there are no programs of the host's");
        }
    }

    private static void Refuse(bool isAsked, string what)
    {
        if (isAsked)
        {
            throw new TareException(ErrorKind.NotSupported, $"{what} in a runtime spec: not supported");
        }
    }

    private int Given(GivenFd given)
    {
        if (_given.Count == LaunchProgramBuilder.MaxGiven)
        {
            throw new TareException(
                ErrorKind.ResourceExhausted,
                $"a container takes at most {LaunchProgramBuilder.MaxGiven} descriptors from its starter; one for "
                + "each bind mount");
        }

        _given.Add(given);
        return _given.Count - 1;
    }

    private void Add(Step step) => _steps.Add(step);

    private void AddIf(bool condition, Func<Step> step)
    {
        if (condition)
        {
            Add(step());
        }
    }

    private static TareException Invalid(string message) => new(ErrorKind.InvalidArgument, message);
}
