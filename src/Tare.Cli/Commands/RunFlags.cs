// SPDX-License-Identifier: Apache-2.0
using Tare.Cli.Arguments;
using Tare.Cli.Output;
using Tare.Cli.Requests;
using Tare.Engine.Containers;
using Tare.Linux.Processes;

namespace Tare.Cli.Commands;

/// <summary>The flags of <c>run</c>, and the request that they make together.</summary>
internal static class RunFlags
{
    public static readonly Flag<bool> Detach =
        Flag.Switch("-d, --detach", "Run container in background and print container ID");
    public static readonly Flag<IReadOnlyList<string>> Attach =
        Flag.ListOf("-a, --attach", "list", "Attach to STDIN, STDOUT or STDERR", ParseStream);

    private static readonly Flag<bool> Interactive =
        Flag.Switch("-i, --interactive", "Keep STDIN open even if not attached");
    private static readonly Flag<bool> Tty = Flag.Switch("-t, --tty", "Allocate a pseudo-TTY");
    private static readonly Flag<bool> Remove =
        Flag.Switch("--rm", "Remove the container and its anonymous volumes when it exits");
    private static readonly Flag<string?> Name = Flag.Text("--name", "string", "Assign a name to the container");
    private static readonly Flag<string?> Entrypoint =
        Flag.Text("--entrypoint", "string", "Overwrite the default ENTRYPOINT of the image");
    private static readonly Flag<string?> Workdir =
        Flag.Text("-w, --workdir", "string", "Working directory inside the container");
    private static readonly Flag<string?> User =
        Flag.Text("-u, --user", "string", "Username or UID (format: <name|uid>[:<group|gid>])");
    private static readonly Flag<IReadOnlyList<string>> Groups =
        Flag.List("--group-add", "list", "Add additional groups to join");
    private static readonly Flag<string?> Hostname = Flag.Text("-h, --hostname", "string", "Container host name");
    private static readonly Flag<bool> Init =
        Flag.Switch("--init", "Run an init inside the container that forwards signals and reaps processes");
    private static readonly Flag<string?> StopSignal =
        new("--stop-signal", "string", "Signal to stop the container", static (_, text) => ParseSignal(text), null);
    private static readonly Flag<long?> StopTimeout =
        Flag.Number("--stop-timeout", "Timeout (in seconds) to stop a container", -1, int.MaxValue);
    private static readonly Flag<string?> LogDriver =
        Flag.Text("--log-driver", "string", "Logging driver for the container (\"json-file\", \"none\")");
    private static readonly Flag<IReadOnlyList<string>> LogOpt =
        Flag.ListOf("--log-opt", "list", "Log driver options (\"max-size=20m\", \"max-file=5\", \"compress=true\")", KeyValues.Pair);
    private static readonly Flag<string?> CidFile =
        Flag.Text("--cidfile", "string", "Write the container ID to the file");
    private static readonly Flag<string?> Platform =
        Flag.Text("--platform", "string", "Choose among the platforms of an image (os/arch[/variant])");
    private static readonly Flag<PullPolicy?> Pull =
        Flag.Of("--pull", "string", "Pull image before running (\"always\", \"missing\", \"never\")", ScalarTexts.Pull);
    private static readonly Flag<bool> Quiet = Flag.Switch("-q, --quiet", "Suppress the pull output");

    private static readonly Flag<IReadOnlyList<string>> Env =
        Flag.ListOf("-e, --env", "list", "Set environment variables", KeyValues.Variable);
    private static readonly Flag<IReadOnlyList<string>> EnvFile =
        Files("--env-file", "Read in a file of environment variables");
    private static readonly Flag<IReadOnlyList<string>> Label =
        Flag.ListOf("-l, --label", "list", "Set meta data on a container", KeyValues.Label);
    private static readonly Flag<IReadOnlyList<string>> LabelFile =
        Files("--label-file", "Read in a line delimited file of labels");
    private static readonly Flag<IReadOnlyList<string>> Sysctl =
        Flag.ListOf("--sysctl", "map", "Sysctl options", KeyValues.Pair);

    private static readonly Flag<IReadOnlyList<MountRequest>> Volume =
        new(
            "-v, --volume",
            "list",
            "Bind mount a volume ([source:]target[:options])",
            static (before, text) => [.. before!, VolumeText.Parse(text)],
            [])
        { Completes = Candidates.Files };

    private static readonly Flag<IReadOnlyList<MountRequest>> Mount =
        Flag.ListOf("--mount", "mount", "Attach a filesystem mount to the container", MountText.Parse);
    private static readonly Flag<IReadOnlyList<MountRequest>> Tmpfs =
        Flag.ListOf("--tmpfs", "list", "Mount a tmpfs directory", TmpfsText.Parse);
    private static readonly Flag<IReadOnlyList<DeviceRequest>> Device =
        Flag.ListOf("--device", "list", "Add a host device to the container", ScalarTexts.Device);
    private static readonly Flag<long?> ShmSize =
        Flag.Of("--shm-size", "bytes", "Size of /dev/shm", HumanSize.ParseBinary);
    private static readonly Flag<bool> ReadOnly =
        Flag.Switch("--read-only", "Mount the container's root filesystem as read only");

    private static readonly Flag<bool> Privileged =
        Flag.Switch("--privileged", "Give extended privileges to this container");
    private static readonly Flag<IReadOnlyList<string>> CapAdd =
        Flag.List("--cap-add", "list", "Add Linux capabilities");
    private static readonly Flag<IReadOnlyList<string>> CapDrop =
        Flag.List("--cap-drop", "list", "Drop Linux capabilities");
    private static readonly Flag<IReadOnlyList<string>> SecurityOpt =
        Flag.List("--security-opt", "list", "Security Options");
    private static readonly Flag<string?> UserNamespace = Flag.Text(
        "--userns", "string", "User namespace to use (\"private\", \"host\"; private where that is possible)");

    private static readonly Flag<string?> CgroupParent =
        new("--cgroup-parent", "string", "Optional parent cgroup for the container", static (_, text) => ScalarTexts.CgroupParent(text), null);

    private static readonly Flag<IReadOnlyList<UlimitRequest>> Ulimit =
        Flag.ListOf("--ulimit", "ulimit", "Ulimit options", ScalarTexts.Ulimit);

    /// <summary>Those of <c>create</c>.</summary>
    public static readonly IReadOnlyList<Flag> Create =
    [
        Attach, StopTimeout, LogDriver, LogOpt, Interactive, Tty, Remove, Name, Entrypoint, Workdir, User, Groups, Hostname, Init, StopSignal, CidFile,
        Platform, Pull, Quiet, Env, EnvFile, Label, LabelFile, Sysctl, Volume, Mount, Tmpfs, Device, ShmSize, ReadOnly,
        Privileged, CapAdd, CapDrop, SecurityOpt, UserNamespace, .. LimitFlags.All, CgroupParent, Ulimit, .. NetworkFlags.All,
    ];

    /// <summary>Those of <c>run</c>.</summary>
    public static readonly IReadOnlyList<Flag> All = [Detach, StreamFlags.DetachKeys, StreamFlags.SigProxy, .. Create];

    /// <summary>What the command line asks for. The first operand is the image, the others are the command.</summary>
    /// <exception cref="UsageException">two flags contradict each other</exception>
    /// <exception cref="Tare.Oci.TareException">InvalidArgument: a line of an env or label file is wrong</exception>
    public static RunRequest ToRequest(ParsedArguments given)
    {
        CheckTogether(given);
        IReadOnlyList<string> attach = given.Get(Attach);
        bool all = attach.Count == 0 && !given.Get(Detach);
        return NetworkFlags.Complete(LimitFlags.Complete(ToOwnRequest(given, attach, all), given), given);
    }

    private static RunRequest ToOwnRequest(ParsedArguments given, IReadOnlyList<string> attach, bool all) => new()
    {
        AttachStdin = all ? given.Get(Interactive) : attach.Contains("stdin"),
        AttachStdout = all || attach.Contains("stdout"),
        AttachStderr = all || attach.Contains("stderr"),
        StopTimeout = (int?)given.Get(StopTimeout),
        LogDriver = given.Get(LogDriver),
        LogOptions = KeyValues.ToMap(given.Get(LogOpt)),
        Image = given.Operands[0],
        Command = [.. given.Operands.Skip(1)],
        Entrypoint = given.Get(Entrypoint),
        Interactive = given.Get(Interactive),
        Tty = given.Get(Tty),
        AutoRemove = given.Get(Remove),
        Name = given.Get(Name),
        Environment = [.. Lines(given.Get(EnvFile), KeyValues.Variable), .. given.Get(Env)],
        Labels =
            KeyValues.ToMap([.. Lines(given.Get(LabelFile), KeyValues.Label), .. given.Get(Label)]),
        Sysctls = KeyValues.ToMap(given.Get(Sysctl)),
        WorkingDirectory = given.Get(Workdir),
        User = given.Get(User),
        Groups = given.Get(Groups),
        Hostname = given.Get(Hostname),
        Init = given.Has(Init) ? given.Get(Init) : null,
        StopSignal = given.Get(StopSignal),
        CidFile = given.Get(CidFile),
        Platform = given.Get(Platform),
        Pull = given.Get(Pull) ?? PullPolicy.Missing,
        Quiet = given.Get(Quiet),
        Mounts = AllMounts(given),
        Devices = given.Get(Device),
        ShmSize = given.Get(ShmSize) ?? 0,
        ReadOnly = given.Get(ReadOnly),
        Privileged = given.Get(Privileged),
        CapabilitiesAdded = given.Get(CapAdd),
        CapabilitiesDropped = given.Get(CapDrop),
        SecurityOptions = given.Get(SecurityOpt),
        UserNamespace = given.Get(UserNamespace),
        CgroupParent = given.Get(CgroupParent),
        Ulimits = given.Get(Ulimit),
    };

    private static void CheckTogether(ParsedArguments given)
    {
        if (given.Get(Detach) && given.Get(Attach).Count > 0)
        {
            throw new UsageException("conflicting options: cannot specify both --attach and --detach", 1);
        }

        if (given.Get(Workdir) is { } workdir && !workdir.StartsWith('/'))
        {
            throw new UsageException(
                $"the working directory '{workdir}' is invalid, it needs to be an absolute path", 125);
        }
    }

    private static string ParseStream(string text) => text.ToLowerInvariant() is "stdin" or "stdout" or "stderr"
        ? text.ToLowerInvariant()
        : throw new FormatException("valid streams are STDIN, STDOUT and STDERR");

    private static string ParseSignal(string text) =>
        Signals.TryParse(text, out _) ? text : throw new FormatException($"invalid signal: {text}");

    private static List<MountRequest> AllMounts(ParsedArguments given)
    {
        List<MountRequest> mounts = [.. given.Get(Volume), .. given.Get(Mount), .. given.Get(Tmpfs)];
        string? twice =
            mounts.GroupBy(mount => mount.Target.TrimEnd('/'), StringComparer.Ordinal).FirstOrDefault(group => group.Skip(1).Any())?.Key;
        return twice is null ? mounts : throw new UsageException($"duplicate mount point: {twice}", 125);
    }

    private static IEnumerable<string> Lines(IReadOnlyList<string> files, Func<string, string> parse) =>
        files.SelectMany(path => KeyValues.ReadFile(path, parse));

    private static Flag<IReadOnlyList<string>> Files(string spelling, string help) =>
        new(spelling, "list", help, static (before, text) => [.. before!, text], []) { Completes = Candidates.Files };
}
