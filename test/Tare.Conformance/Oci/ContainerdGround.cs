// SPDX-License-Identifier: Apache-2.0
namespace Tare.Conformance.Oci;

/// <summary>containerd by itself, with its shim for runc, told by ctr.</summary>
public sealed class ContainerdGround : EngineGround
{
    public const string Image = "docker.io/library/busybox:latest";

    private bool _hasImage;

    /// <summary>ctr, which has to know the image.</summary>
    public Outcome Ctr(params string[] args)
    {
        if (!_hasImage)
        {
            _hasImage = true;
            Succeed("image", "import", $"{Folder}/image.tar");
        }

        return Ask(args);
    }

    /// <summary>A failure is the test's.</summary>
    public string Succeed(params string[] args)
    {
        Outcome outcome = Ctr(args);
        Assert.True(outcome.ExitCode == 0, $"ctr {string.Join(' ', args)}: {outcome.ExitCode}: {outcome.Error}");
        return outcome.Text;
    }

    /// <summary>The words of <c>ctr run</c> that make it use our program, by the name of the one that it is made for.</summary>
    public string[] Words(params string[] flags) =>
        ["run", "--runtime", "io.containerd.runc.v2", "--runc-binary", $"{Folder}/runc", "--snapshotter", "native", .. flags, Image];

    /// <summary>The line of a task in the list: number and status; null: there is none.</summary>
    public string? Status(string id) => Succeed("task", "ls").Split('\n')
        .Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries))
        .FirstOrDefault(words => words is [var name, _, _] && name == id)?[2];

    /// <inheritdoc/>
    protected override string[] Daemon()
    {
        // what is left out would make folders of the host's
        File.WriteAllText($"{Folder}/config.toml", $"""
            version = 2
            root = "{Folder}/root"
            state = "{Folder}/state"
            disabled_plugins = ["io.containerd.grpc.v1.cri", "io.containerd.internal.v1.opt"]
            [grpc]
              address = "{Folder}/socket"
            [ttrpc]
              address = "{Folder}/socket.ttrpc"
            """);
        return ["containerd", "--config", $"{Folder}/config.toml"];
    }

    /// <inheritdoc/>
    protected override bool IsThere() => Ask("version").ExitCode == 0;

    private Outcome Ask(params string[] args) => Run("ctr", ["--address", $"{Folder}/socket", "--namespace", CgroupParent, .. args]);
}
