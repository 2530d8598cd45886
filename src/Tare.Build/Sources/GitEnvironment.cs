// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using Tare.Oci;

namespace Tare.Build.Sources;

/// <summary>The environment that git runs in: nothing asks, nothing of the user's or the repository's runs as a program.</summary>
/// <remarks>
/// git(1), git-config(1): configuration of the system and the user is not read; ours comes in variables, which reach git's
/// own children too and, other than arguments, are not seen by other users.
/// </remarks>
internal static class GitEnvironment
{
    /// <summary>The variable by which the shell that starts ssh gets the file's name: whatever is in it, it is one word.</summary>
    private const string KnownHosts = "TARE_KNOWN_HOSTS";

    /// <summary>For a Dockerfile: the user's .netrc is not its to use.</summary>
    private const string NoHome = "/nonexistent";

    private const string Protocols = "http:https:git:ssh";

    /// <summary>What is handed through: where programs are, how to get out, whom to trust.</summary>
    private static readonly string[] Passed =
    [
        "http_proxy", "https_proxy", "HTTPS_PROXY", "no_proxy", "NO_PROXY", "all_proxy", "ALL_PROXY",
        "SSL_CERT_FILE", "SSL_CERT_DIR", "GIT_SSL_CAINFO", "GIT_SSL_CAPATH",
    ];

    private static readonly (string Key, string Value)[] Settings =
    [
        ("core.hooksPath", "/dev/null"),
        ("core.fsmonitor", "false"),
        ("core.attributesFile", "/dev/null"),
        ("core.autocrlf", "false"),
        ("core.symlinks", "true"),
        ("credential.helper", ""),
        ("init.defaultBranch", "master"),
        ("safe.directory", "*"),
        ("advice.detachedHead", "false"),
        ("gc.auto", "0"),
        ("maintenance.auto", "false"),
        ("pack.threads", "1"),
        ("fetch.fsckObjects", "false"),
        ("log.showSignature", "false"),
        ("submodule.recurse", "false"),
        ("core.bigFileThreshold", "64m"),
        ("transfer.unpackLimit", "1"),
        ("http.lowSpeedLimit", "1"),
        ("http.lowSpeedTime", "60"),
    ];

    /// <summary><c>NAME=value</c> each.</summary>
    /// <param name="settings">of the session</param>
    /// <param name="remote">whose token is lent, when there is a secret for it; null: no network at all</param>
    /// <param name="local">repositories of this host may be read too</param>
    public static List<string> Of(SourceSettings settings, string? remote, bool local)
    {
        List<string> all =
        [
            "PATH=" + (settings.Variable("PATH") ?? GitProgram.DefaultPath),
            "LC_ALL=C.UTF-8",
            "TZ=UTC",
            "HOME=" + (settings.TrustsUserKeys ? settings.Variable("HOME") ?? NoHome : NoHome),
            "GIT_TERMINAL_PROMPT=0",
            "GIT_ASKPASS=false",
            "SSH_ASKPASS=false",
            "GIT_CONFIG_NOSYSTEM=1",
            "GIT_CONFIG_GLOBAL=/dev/null",
            "GIT_ATTR_NOSYSTEM=1",
            "GIT_NO_LAZY_FETCH=1",
            "GIT_OPTIONAL_LOCKS=0",
            "GIT_ALLOW_PROTOCOL=" + (local ? "file:" : "") + (remote is null ? "" : Protocols),
            "GIT_SSH_COMMAND=" + SshCommand(settings),
            KnownHosts + "=" + KnownHostsOf(settings),
            "GIT_SSH_VARIANT=ssh",
            .. Passed.Select(name => (name, settings.Variable(name))).Where(static pair => pair.Item2 is not null)
                .Select(static pair => $"{pair.name}={pair.Item2}"),
        ];
        if (settings.Agent() is { } agent)
        {
            all.Add("SSH_AUTH_SOCK=" + agent);
        }

        AddConfiguration(all, remote is null ? [] : GitAuthorization.Of(settings, remote));
        return all;
    }

    private static string SshCommand(SourceSettings settings) =>
        "ssh -F /dev/null -o BatchMode=yes -o StrictHostKeyChecking=yes -o UpdateHostKeys=no -o UserKnownHostsFile=\"\\\"$" + KnownHosts + "\\\"\""
        + " -o ConnectTimeout=30 -o ServerAliveInterval=30 -o PermitLocalCommand=no -o ForwardAgent=no"
        + (settings.TrustsUserKeys ? "" : " -o IdentityFile=/dev/null");

    /// <summary>Whom ssh trusts beside the host's own list: a file that SSH_KNOWN_HOSTS names, else the user's. It is read alone.</summary>
    /// <exception cref="TareException">InvalidArgument: ssh would not read this name as it is</exception>
    private static string KnownHostsOf(SourceSettings settings)
    {
        string? named = settings.Variable("SSH_KNOWN_HOSTS") is { Length: > 0 } given ? Path.GetFullPath(given) : null;
        string? file = named ?? (settings.Variable("HOME") is { Length: > 0 } home ? home + "/.ssh/known_hosts" : null);
        return file is null ? "/dev/null"
            : !file.AsSpan().ContainsAny('"', '\\', '$') && !file.Any(char.IsControl) ? file.Replace("%", "%%", StringComparison.Ordinal)
            : named is null ? "/dev/null"
            : throw new TareException(ErrorKind.InvalidArgument, $"SSH_KNOWN_HOSTS {Quoted.Text(named)}: ssh does not read such a name");
    }

    private static void AddConfiguration(List<string> all, IReadOnlyList<(string Key, string Value)> more)
    {
        int count = 0;
        foreach ((string key, string value) in Settings.Concat(more))
        {
            all.Add(string.Create(CultureInfo.InvariantCulture, $"GIT_CONFIG_KEY_{count}={key}"));
            all.Add(string.Create(CultureInfo.InvariantCulture, $"GIT_CONFIG_VALUE_{count}={value}"));
            count++;
        }

        all.Add(string.Create(CultureInfo.InvariantCulture, $"GIT_CONFIG_COUNT={count}"));
    }
}
