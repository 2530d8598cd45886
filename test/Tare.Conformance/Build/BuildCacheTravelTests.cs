// SPDX-License-Identifier: Apache-2.0
namespace Tare.Conformance.Build;

/// <summary><c>--cache-to</c> and <c>--cache-from</c>: what one store knows helps another one.</summary>
[Trait("ring", "kernel")]
public sealed class BuildCacheTravelTests(BuildGround ground) : IClassFixture<BuildGround>
{
    private const string Stages =
        """
        FROM busybox AS tools
        RUN echo tool > /tool
        WORKDIR /made
        FROM busybox
        COPY src /src
        COPY --from=tools /tool /opt/
        RUN --mount=type=cache,target=/cache,id=travel cat /src/a /opt/tool > /all; echo kept >> /cache/log
        """;

    [Fact]
    public void A_fresh_store_finds_every_step_in_a_folder()
    {
        string context = ground.Context(Stages, ("src/a", "1"));
        string cache = Path.Combine(ground.Tare.Folder, "travel-local");
        ground.Build(context, "--network", "none", "--cache-to", $"type=local,dest={cache},mode=max");
        string id = ground.Id(context, "--network", "none");
        using var other = new BusyboxStore();

        Outcome built = other.Tare.Run(["build", "--network", "none", "--explain", "--cache-from", $"type=local,src={cache}", "-t", "travelled", context]);

        Assert.True(built.ExitCode == 0, built.Error);
        Assert.Equal(5, built.Error.Split("    cached: imported from ").Length - 1);
        Assert.DoesNotContain("    ran: ", built.Error, StringComparison.Ordinal);
        Assert.Equal("1tool\n", other.Tare.Succeed("run", "--rm", "--network", "none", "travelled", "cat", "/all"));
        Assert.Equal(ground.Tare.Succeed("inspect", "-f", "{{.RootFS.Layers}}", id), other.Tare.Succeed("inspect", "-f", "{{.RootFS.Layers}}", "travelled"));
        other.Tare.Succeed("system", "check");

        // what was imported is this store's own from now on
        Outcome again = other.Tare.Run(["build", "--network", "none", "--explain", context]);
        Assert.Equal(5, again.Error.Split("    cached: the same inputs as on ").Length - 1);
    }

    [Fact]
    public void A_registry_carries_it_with_the_cache_mounts_and_the_same_cache_is_the_same_bytes()
    {
        string context = ground.Context(Stages.Replace("id=travel", "id=mounted", StringComparison.Ordinal), ("src/a", "2"));
        string storage = Path.Combine(ground.Tare.Folder, "travel-registry");
        using Conversation server = ground.Tare.Start(TareBinary.Path, "registry", "serve", "--addr", "127.0.0.1:0", "--storage", storage);
        int from = server.Expect("://", server.Expect(" at http"));
        server.Expect("\n", from);
        string name = server.Said[from..].Trim() + "/team/app:cache";
        string[] export = ["--network", "none", "--cache-to", $"type=registry,ref={name},mode=max,mounts=true"];
        string first = ground.Build(context, export), second = ground.Build(context, export);
        Assert.Equal(Manifest(first), Manifest(second));
        using var other = new BusyboxStore();
        string changed = ground.Context(
            Stages.Replace("id=travel", "id=mounted", StringComparison.Ordinal).Replace("; echo kept >> /cache/log", "; cat /cache/log > /log", StringComparison.Ordinal),
            ("src/a", "2"));

        Outcome built = other.Tare.Run(
            ["build", "--network", "none", "--explain", "--cache-from", $"type=registry,ref={name},mounts=true", "-t", "mounted", changed]);

        Assert.True(built.ExitCode == 0, built.Error);
        Assert.Equal(4, built.Error.Split("    cached: imported from ").Length - 1);
        Assert.Contains("    ran: ", built.Error, StringComparison.Ordinal);
        Assert.Equal("kept\n", other.Tare.Succeed("run", "--rm", "--network", "none", "mounted", "cat", "/log"));
    }

    [Fact]
    public void Dockers_registry_takes_it_too()
    {
        string context = ground.Context(Stages.Replace("id=travel", "id=docker", StringComparison.Ordinal), ("src/a", "5"));
        using var registry = new DockerRegistry();
        using var other = new BusyboxStore();

        ground.Build(context, "--network", "none", "--cache-to", $"type=registry,ref={registry.Name}/cache/of:app,mode=max,mounts=true");
        Outcome built = other.Tare.Run(["build", "--network", "none", "--explain", "--cache-from", $"type=registry,ref={registry.Name}/cache/of:app", context]);

        Assert.True(built.ExitCode == 0, built.Error);
        Assert.Equal(5, built.Error.Split("    cached: imported from ").Length - 1);
    }

    [Fact]
    public void An_image_carries_its_own()
    {
        string context = ground.Context("FROM busybox\nRUN echo inline > /i\nCOPY src /src\n", ("src/a", "3"));
        string storage = Path.Combine(ground.Tare.Folder, "inline-registry");
        using Conversation server = ground.Tare.Start(TareBinary.Path, "registry", "serve", "--addr", "127.0.0.1:0", "--storage", storage);
        int from = server.Expect("://", server.Expect(" at http"));
        server.Expect("\n", from);
        string name = server.Said[from..].Trim() + "/app:inline";
        ground.Build(context, "--network", "none", "-t", name, "--push", "--cache-to", "type=inline");
        string plain = ground.Id(context, "--network", "none");
        using var other = new BusyboxStore();

        Outcome built = other.Tare.Run(["build", "--network", "none", "--explain", "--cache-from", name, "-t", "x", context]);

        Assert.True(built.ExitCode == 0, built.Error);
        Assert.Equal(2, built.Error.Split("    cached: imported from ").Length - 1);
        Assert.Equal(plain, ground.Tare.Succeed("inspect", "-f", "{{.Id}}", name).Trim());
    }

    [Fact]
    public void With_mode_min_only_what_the_result_is_made_of_goes_along()
    {
        string context = ground.Context(Stages, ("src/a", "4"));
        string min = Path.Combine(ground.Tare.Folder, "travel-min"), max = Path.Combine(ground.Tare.Folder, "travel-max");

        ground.Build(context, "--network", "none", "--cache-to", $"type=local,dest={min}", "--cache-to", $"type=local,dest={max},mode=max");

        Assert.True(Blobs(min).Length < Blobs(max).Length);
        Assert.Equal(2, Blobs(min).Select(Path.GetFileName).Except(Blobs(max).Select(Path.GetFileName)).Count());
    }

    [Fact]
    public void A_damaged_cache_and_one_that_is_not_there_are_told_and_the_step_runs()
    {
        string context = ground.Context("FROM busybox\nRUN echo damaged > /d; cat /bin/busybox > /big\n");
        string cache = Path.Combine(ground.Tare.Folder, "travel-damaged");
        ground.Build(context, "--network", "none", "--cache-to", $"type=local,dest={cache}");
        string layer = Blobs(cache).MaxBy(static file => new FileInfo(file).Length)!;
        byte[] bytes = File.ReadAllBytes(layer);
        bytes[bytes.Length / 2] ^= 1;
        File.WriteAllBytes(layer, bytes);
        using var other = new BusyboxStore();

        Outcome built = other.Tare.Run(["build", "--network", "none", "--explain", "--cache-from", $"type=local,src={cache}", "-t", "damaged", context]);
        Outcome absent = other.Tare.Run(["build", "--network", "none", "--cache-from", "type=local,src=/nowhere/at/all", context]);

        Assert.True(built.ExitCode == 0, built.Error);
        Assert.Contains("not imported: layer", built.Error, StringComparison.Ordinal);
        Assert.Contains("    ran: ", built.Error, StringComparison.Ordinal);
        Assert.Equal("damaged\n", other.Tare.Succeed("run", "--rm", "--network", "none", "damaged", "cat", "/d"));
        Assert.True(absent.ExitCode == 0, absent.Error);
        Assert.Contains("ERROR: ", absent.Error, StringComparison.Ordinal);
        other.Tare.Succeed("system", "check");
    }

    [Fact]
    public void A_cache_of_another_builder_is_told_apart()
    {
        string folder = Directory.CreateDirectory(Path.Combine(ground.Tare.Folder, "buildkit", "blobs", "sha256")).Parent!.Parent!.FullName;
        string config = Blob(folder, "{\"layers\":[],\"records\":[]}");
        string manifest = "{\"schemaVersion\":2,\"mediaType\":\"application/vnd.oci.image.index.v1+json\",\"manifests\":[{\"mediaType\":"
            + $"\"application/vnd.buildkit.cacheconfig.v0\",\"digest\":\"sha256:{config}\",\"size\":26}}]}}";
        string index = Blob(folder, manifest);
        File.WriteAllText(Path.Combine(folder, "oci-layout"), "{\"imageLayoutVersion\":\"1.0.0\"}");
        File.WriteAllText(
            Path.Combine(folder, "index.json"),
            "{\"schemaVersion\":2,\"manifests\":[{\"mediaType\":\"application/vnd.oci.image.index.v1+json\",\"digest\":\"sha256:" + index
            + $"\",\"size\":{manifest.Length},\"annotations\":{{\"org.opencontainers.image.ref.name\":\"latest\"}}}}]}}");

        string progress = ground.Build(ground.Context("FROM busybox\nRUN true\n"), "--network", "none", "--cache-from", $"type=local,src={folder}");

        Assert.Contains("it is a build cache of BuildKit", progress, StringComparison.Ordinal);
    }

    private static string Manifest(string progress)
    {
        const string Mark = "writing cache manifest ";
        int at = progress.IndexOf(Mark, StringComparison.Ordinal) + Mark.Length;
        return progress[at..(at + 71)];
    }

    private static string[] Blobs(string layout) => Directory.GetFiles(Path.Combine(layout, "blobs", "sha256"));

    private static string Blob(string folder, string text)
    {
        byte[] bytes = System.Text.Encoding.UTF8.GetBytes(text);
        string hex = Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(bytes));
        File.WriteAllBytes(Path.Combine(folder, "blobs", "sha256", hex), bytes);
        return hex;
    }
}
