// SPDX-License-Identifier: Apache-2.0
using Tare.Cli.Arguments;
using Tare.Oci;

namespace Tare.Cli.Oci;

/// <summary>The flags that stand between <c>oci</c> and the verb; runc's.</summary>
internal static class OciFlags
{
    private const string DefaultRoot = "/run/tare-oci";

    public static readonly Flag<string?> Root =
        Flag.Text("--root", "folder", $"Where the states of containers are kept (default \"{DefaultRoot}\")");
    public static readonly Flag<string?> Log =
        Flag.File("--log", "Append warnings and errors to this file instead of telling them on standard error alone");
    public static readonly Flag<bool?> LogFormat =
        Flag.Of<bool>("--log-format", "format", "\"text\" or \"json\" (default \"text\")", IsJson);
    public static readonly Flag<bool> Debug = Flag.Switch("--debug", "Write more to the log");
    public static readonly Flag<bool> SystemdCgroup =
        Flag.Switch("--systemd-cgroup", "Not supported: cgroups are made by cgroupfs");
    public static readonly Flag<string?> Rootless =
        Flag.Text("--rootless", "value", "\"true\", \"false\" or \"auto\"; taken, and decides nothing");
    public static readonly Flag<string?> Criu =
        Flag.Text("--criu", "path", "Taken for the sake of scripts written for runc");
    public static readonly Flag<bool> Version = Flag.Switch("-v, --version", "Print the version");

    public static readonly IReadOnlyList<Flag> All =
        [Root, Log, LogFormat, Debug, SystemdCgroup, Rootless, Criu, Version];

    /// <summary>Absolute, so that it stays the same wherever the verb goes.</summary>
    public static string RootOf(ParsedArguments globals) => Path.GetFullPath(Named(globals, Root) ?? DefaultRoot);

    /// <summary>The log that the flags ask for.</summary>
    public static OciLog LogOf(ParsedArguments globals, TextWriter error) => new(
        Named(globals, Log), globals.Get(LogFormat) ?? false, globals.Get(Debug), error, TimeProvider.System);

    /// <exception cref="TareException">NotSupported: a way of making cgroups that is not here</exception>
    /// <exception cref="UsageException">a value that is none</exception>
    public static void Check(ParsedArguments globals)
    {
        if (globals.Get(Rootless) is not (null or "auto" or "true" or "false"))
        {
            throw new UsageException(
                $"invalid argument {Quoted.Text(globals.Get(Rootless))} for --rootless: want true, false or auto", 1);
        }

        if (globals.Get(SystemdCgroup))
        {
            throw new TareException(
                ErrorKind.NotSupported,
                "--systemd-cgroup: cgroups through systemd are not supported",
                "have the caller use cgroupfs: dockerd --exec-opt native.cgroupdriver=cgroupfs, "
                + "podman --cgroup-manager=cgroupfs, SystemdCgroup = false in containerd's configuration");
        }
    }

    private static bool IsJson(string text) => text switch
    {
        "json" => true,
        "text" => false,
        _ => throw new FormatException("want text or json"),
    };

    private static string? Named(ParsedArguments globals, Flag<string?> flag) => globals.Get(flag) is { Length: > 0 } path
        ? path
        : null;
}
