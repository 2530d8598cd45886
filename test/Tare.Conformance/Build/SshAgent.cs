// SPDX-License-Identifier: Apache-2.0
using System.Diagnostics;

namespace Tare.Conformance.Build;

/// <summary>OpenSSH's agent with some keys.</summary>
public sealed class SshAgent : IDisposable
{
    private readonly Process _agent;

    /// <param name="socket">where it is to be</param>
    /// <param name="keys">files of private keys</param>
    public SshAgent(string socket, params string[] keys)
    {
        Socket = socket;
        _agent = Process.Start(new ProcessStartInfo("ssh-agent", ["-D", "-a", socket]) { RedirectStandardOutput = true })!;

        // it tells where it is once it is there
        Assert.NotNull(_agent.StandardOutput.ReadLine());
        foreach (string key in keys)
        {
            Outcome.Of("env", ["SSH_AUTH_SOCK=" + socket, "ssh-add", "-q", key]);
        }
    }

    public string Socket { get; }

    /// <summary>What <c>ssh-add -l</c> prints for it.</summary>
    public string Listed() => Outcome.Of("env", ["SSH_AUTH_SOCK=" + Socket, "ssh-add", "-l"]).Text;

    public void Dispose()
    {
        _agent.Kill();
        _agent.WaitForExit();
        _agent.Dispose();
    }
}
