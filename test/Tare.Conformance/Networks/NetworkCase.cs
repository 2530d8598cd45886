// SPDX-License-Identifier: Apache-2.0
using System.Diagnostics;
using System.Globalization;

namespace Tare.Conformance.Networks;

/// <summary>A test of networks: containers and networks that it made are gone afterwards, and nothing of them is left.</summary>
[Trait("ring", "kernel")]
public abstract class NetworkCase : IDisposable
{
    /// <summary>Answers with its own name and the address of who asked.</summary>
    protected const string Web =
        "mkdir -p /www/cgi-bin; printf '#!/bin/sh\\necho; echo \"$(hostname) $REMOTE_ADDR\"\\n' >/www/cgi-bin/who; " +
        "chmod 755 /www/cgi-bin/who; exec httpd -f -p 80 -h /www";

    private static int _neighbours;
    private readonly List<Process> _started = [];

    protected NetworkCase(BusyboxStore store) => Store = store;

    protected BusyboxStore Store { get; }

    protected TareBinary Tare => Store.Tare;

    public virtual void Dispose()
    {
        foreach (Process process in _started)
        {
            process.Kill(entireProcessTree: true);
            process.WaitForExit();
            process.Dispose();
        }

        string[] left = Tare.Succeed("ps", "-aq").Split('\n', StringSplitOptions.RemoveEmptyEntries);
        if (left.Length > 0)
        {
            Tare.Succeed(["rm", "-f", "-v", .. left]);
        }

        Tare.Succeed("network", "prune", "-f");
        AssertClean();
        GC.SuppressFinalize(this);
    }

    protected void AssertClean()
    {
        // keepers may be at their last steps
        Outcome check = Subject.Poll(TimeSpan.FromSeconds(10), () => Tare.Run("system", "check", "--quick"), static check => check.ExitCode == 0);
        Assert.True(check.ExitCode == 0, check.Text + check.Error);
    }

    /// <summary>A container that stays.</summary>
    /// <param name="name">of it</param>
    /// <param name="flags">of <c>run</c>, by blanks</param>
    /// <param name="script">what it does; it must come to its end or stay</param>
    protected void Up(string name, string flags = "", string script = "exec sleep 1000") =>
        Tare.Succeed(["run", "-d", "--name", name, .. flags.Split(' ', StringSplitOptions.RemoveEmptyEntries), "busybox", "sh", "-c", script]);

    /// <summary>One that serves <see cref="Web"/>, and is asked until it does.</summary>
    protected void UpWeb(string name, string flags = "")
    {
        Up(name, flags, Web);
        string answer = Subject.Poll(TimeSpan.FromSeconds(10), () => Ask(name, "127.0.0.1"), static answer => answer.Length > 0);
        Assert.NotEqual("", answer);
    }

    /// <summary>What a script prints in a container; it must succeed.</summary>
    protected string In(string name, string script) => Tare.Succeed("exec", name, "sh", "-ec", script);

    /// <summary>Whom a container reaches at <c>host[:port]</c>: name and the address that is seen there; empty: nobody.</summary>
    protected string Ask(string name, string host) => Tare.Run("exec", name, "sh", "-c", Question(host)).Text.Trim();

    /// <summary>As <see cref="Ask"/>, from the host or from the network of a process.</summary>
    protected static string AskFrom(int process, string host)
    {
        (int code, string text) = HostNetwork.Try(Question(host).Replace("nc -w", "busybox nc -w", StringComparison.Ordinal), process);
        return code == 0 && !text.Contains("nc:", StringComparison.Ordinal) ? text.Trim() : "";
    }

    /// <summary>A static program's own lookup of names needs the C library: so names are looked up by the file of hosts and by nslookup.</summary>
    private static string Question(string host)
    {
        int close = host.LastIndexOf(']');
        int colon = host.LastIndexOf(':');
        string name = (colon > close ? host[..colon] : host).Trim('[', ']');
        string port = colon > close ? host[(colon + 1)..] : "80";
        string address = System.Net.IPAddress.TryParse(name, out _)
            ? $"a={name}"
            : $"a=$(awk '{{for (i = 2; i <= NF; i++) if ($i == \"{name}\") {{print $1; exit}}}}' /etc/hosts); [ -n \"$a\" ] || a=$(nslookup -type=a {name} | awk '/^Name/{{n=1}} n&&/^Address/{{print $2; exit}}')";
        return $"{address}; [ -z \"$a\" ] || printf 'GET /cgi-bin/who HTTP/1.0\\r\\n\\r\\n' 2>/dev/null | nc -w 2 $a {port} | tail -n 1 | sed -e 's/::ffff://' -e 's/[][]//g'";
    }

    protected string Address(string name, string network = "bridge") =>
        Tare.Succeed("inspect", "-f", $"{{{{(index .NetworkSettings.Networks \"{network}\").IPAddress}}}}", name).Trim();

    protected int Pid(string name) => int.Parse(Tare.Succeed("inspect", "-f", "{{.State.Pid}}", name), CultureInfo.InvariantCulture);

    /// <summary>A machine on the host's LAN: a network namespace behind a cable.</summary>
    /// <returns>a process in it; the host's and its own address</returns>
    protected (int Process, string Host, string Own) Neighbour()
    {
        int number = Interlocked.Increment(ref _neighbours);
        Process process = Process.Start(new ProcessStartInfo("unshare", ["-n", "sh", "-c", "echo; read x"])
        {
            RedirectStandardOutput = true,
            RedirectStandardInput = true,
        })!;
        _started.Add(process);
        process.StandardOutput.ReadLine();
        string host = $"198.18.{number}.1";
        string own = $"198.18.{number}.2";
        HostNetwork.Shell(
            $"ip link add lan{number} type veth peer name lan netns {process.Id}; ip addr add {host}/24 dev lan{number}; ip -6 addr add fd99:{number}::1/64 dev lan{number} nodad; ip link set lan{number} up");
        HostNetwork.Shell(
            $"ip link set lo up; ip addr add {own}/24 dev lan; ip -6 addr add fd99:{number}::2/64 dev lan nodad; ip link set lan up; ip route add default via {host}", process.Id);
        return (process.Id, host, own);
    }

    /// <summary>Refused with docker's words: exit code, one clear line.</summary>
    protected void Refuses(int code, string words, params string[] args)
    {
        Outcome outcome = Tare.Run(args);
        Assert.True(
            outcome.ExitCode == code && outcome.Error.Contains(words, StringComparison.OrdinalIgnoreCase),
            $"{string.Join(' ', args)}: {outcome.ExitCode}, not {code} with {words}: {outcome.Error}");
        BusyboxStore.AssertClear(outcome);
    }
}
