// SPDX-License-Identifier: Apache-2.0
using System.Runtime.InteropServices;
using System.Text.Json;

namespace Tare.Conformance.Build;

/// <summary><c>build --platform</c> for machines that this one is not.</summary>
[Trait("ring", "kernel")]
public sealed class BuildPlatformTests(BuildGround ground) : IClassFixture<BuildGround>
{
    private static readonly string Host = RuntimeInformation.ProcessArchitecture == Architecture.Arm64 ? "arm64" : "amd64";

    [Fact]
    public void Without_RUN_any_platform_is_built()
    {
        string context = ground.Context("FROM scratch\nARG TARGETPLATFORM\nLABEL for=$TARGETPLATFORM\nCOPY a /a\n", ("a", "1"));

        ground.Build(context, "--platform", "linux/s390x", "-t", "foreign");

        Assert.Equal("linux/s390x linux/s390x", ground.Tare.Succeed("inspect", "-f", "{{.Os}}/{{.Architecture}} {{.Config.Labels.for}}", "foreign").Trim());
    }

    [Fact]
    public void A_RUN_that_nothing_here_can_run_is_refused_before_anything_runs()
    {
        Assert.SkipWhen(File.Exists("/proc/sys/fs/binfmt_misc/qemu-riscv64"), "this host runs riscv64");
        string context = ground.Context("FROM scratch\nCOPY a /a\nRUN [\"/a\"]\n", ("a", "1"));

        Outcome outcome = ground.Tare.Run("build", "--platform", "linux/riscv64", context);

        Assert.Equal(1, outcome.ExitCode);
        Assert.Contains("no emulator for riscv64 is registered", outcome.Error, StringComparison.Ordinal);
        Assert.Contains("hint: register one with binfmt_misc", outcome.Error, StringComparison.Ordinal);
        Assert.Contains("   3 | >>> RUN", outcome.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("COPY a /a\n#", outcome.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void Several_platforms_make_an_index_and_each_has_its_arguments()
    {
        string context = ground.Context(
            """
            FROM --platform=$BUILDPLATFORM busybox AS make
            ARG TARGETARCH
            ARG BUILDARCH
            RUN echo $BUILDARCH makes $TARGETARCH > /made
            FROM scratch
            ARG TARGETPLATFORM
            LABEL for=$TARGETPLATFORM
            COPY --from=make /made /made
            """);
        string folder = Path.Combine(ground.Tare.Folder, "platforms"), layout = folder + "-layout", metadata = folder + ".json";

        string progress = ground.Build(
            context, "--network", "none", "--platform", "linux/s390x,linux/riscv64", "-t", "several", "-o", "type=image", "-o", $"type=local,dest={folder}",
            "-o", $"type=oci,dest={layout},tar=false", "--metadata-file", metadata);

        Assert.Contains($"[linux/{Host}->s390x make 2/2] RUN", progress, StringComparison.Ordinal);
        Assert.Equal($"{Host} makes s390x\n", File.ReadAllText(Path.Combine(folder, "linux_s390x", "made")));
        Assert.Equal($"{Host} makes riscv64\n", File.ReadAllText(Path.Combine(folder, "linux_riscv64", "made")));
        Assert.Contains("application/vnd.oci.image.index.v1+json", File.ReadAllText(metadata), StringComparison.Ordinal);
        string root = File.ReadAllText(Path.Combine(layout, "index.json"));
        string hex = root[(root.IndexOf("sha256:", StringComparison.Ordinal) + 7)..][..64];
        string index = File.ReadAllText(Path.Combine(layout, "blobs", "sha256", hex));
        Assert.Contains("\"riscv64\"", index, StringComparison.Ordinal);
        Assert.Contains("\"s390x\"", index, StringComparison.Ordinal);
    }

    [Fact]
    public void What_platforms_share_runs_once_and_each_image_has_its_statements_also_behind_a_registry()
    {
        string context = ground.Context(
            """
            FROM --platform=$BUILDPLATFORM busybox AS make
            RUN echo once >> /common
            ARG TARGETARCH
            RUN echo $TARGETARCH > /made
            FROM scratch
            COPY --from=make /common /made /
            """);
        using Conversation server = ground.Tare.Start(
            TareBinary.Path, "registry", "serve", "--addr", "127.0.0.1:0", "--storage", Path.Combine(ground.Tare.Folder, "registry-platforms"));
        int from = server.Expect("://", server.Expect(" at http"));
        server.Expect("\n", from);
        string name = server.Said[from..].Trim() + "/app:platforms";
        string folder = Path.Combine(ground.Tare.Folder, "said"), metadata = folder + ".json";

        string progress = ground.Build(
            context, "--network", "none", "--platform", "linux/s390x,linux/riscv64", "-t", name, "--provenance", "mode=max", "--sbom=true", "--push",
            "-o", $"type=local,dest={folder}", "--metadata-file", metadata);

        Assert.Single(progress.Split('\n'), line => line.Contains($"[linux/{Host} make 2/3] RUN echo once", StringComparison.Ordinal));
        JsonElement[] entries = [.. JsonDocument.Parse(ground.Tare.Succeed("manifest", "inspect", name)).RootElement.GetProperty("manifests").EnumerateArray()];
        Assert.Equal(["s390x", "riscv64", "unknown", "unknown"], entries.Select(static one => one.GetProperty("platform").GetProperty("architecture").GetString()));
        Assert.Equal(
            entries.Take(2).Select(static one => one.GetProperty("digest").GetString()),
            entries.Skip(2).Select(static one => one.GetProperty("annotations").GetProperty("vnd.docker.reference.digest").GetString()));
        JsonElement told = JsonDocument.Parse(File.ReadAllText(metadata)).RootElement;
        foreach (string architecture in new[] { "s390x", "riscv64" })
        {
            string beside = File.ReadAllText(Path.Combine(folder, "linux_" + architecture, "provenance.json"));
            Assert.Contains($"linux/{architecture}", beside, StringComparison.Ordinal);
            Assert.True(told.TryGetProperty($"buildx.build.provenance/linux/{architecture}", out _));
        }
    }

    [Fact]
    public void The_platform_that_fails_ends_the_build_and_is_named()
    {
        string context = ground.Context(
            "FROM --platform=$BUILDPLATFORM busybox AS make\nARG TARGETARCH\nRUN test $TARGETARCH != riscv64\nFROM scratch\nCOPY --from=make /bin/busybox /\n");

        Outcome outcome = ground.Tare.Run("build", "--network", "none", "--platform", "linux/s390x,linux/riscv64", "-t", "failed:1", context);

        Assert.Equal(1, outcome.ExitCode);
        Assert.Contains($" > [linux/{Host}->riscv64 make 2/2] RUN test", outcome.Error, StringComparison.Ordinal);
        Assert.NotEqual(0, ground.Tare.Run("image", "inspect", "failed:1").ExitCode);
    }
}
