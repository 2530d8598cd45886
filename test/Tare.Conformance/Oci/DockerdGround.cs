// SPDX-License-Identifier: Apache-2.0
namespace Tare.Conformance.Oci;

/// <summary>dockerd with the program as a runtime that was added, and its own containerd.</summary>
public sealed class DockerdGround : EngineGround
{
    private bool _hasImage;

    public Outcome Docker(params string[] args)
    {
        if (!_hasImage)
        {
            _hasImage = true;
            Succeed("load", "--quiet", "--input", $"{Folder}/image.tar");
        }

        return Ask(args);
    }

    /// <summary>A failure is the test's. Without line ends.</summary>
    public string Succeed(params string[] args)
    {
        Outcome outcome = Docker(args);
        Assert.True(outcome.ExitCode == 0, $"docker {string.Join(' ', args)}: {outcome.ExitCode}: {outcome.Error}");
        return outcome.Text.Trim();
    }

    /// <summary>As <see cref="Docker"/>, on a terminal of its own.</summary>
    public Outcome OnTerminal(string command) => Run("script", "-qec", $"docker --host unix://{Folder}/socket {command}", "/dev/null");

    public string Inspect(string name, string format) => Succeed("inspect", "--format", format, name);

    /// <inheritdoc/>
    protected override string[] Daemon() =>
    [
        "dockerd", "--data-root", $"{Folder}/root", "--exec-root", $"{Folder}/exec", "--pidfile", $"{Folder}/pid",
        "--host", $"unix://{Folder}/socket", "--storage-driver", "vfs", "--bridge", "none", "--iptables=false", "--ip6tables=false",
        "--add-runtime", $"tare={Folder}/tare-oci", "--default-runtime", "tare", "--exec-opt", "native.cgroupdriver=cgroupfs",
        "--cgroup-parent", $"/{CgroupParent}",
    ];

    /// <inheritdoc/>
    protected override bool IsThere() => Ask("version").ExitCode == 0;

    private Outcome Ask(params string[] args) => Run("docker", ["--host", $"unix://{Folder}/socket", .. args]);
}
