// SPDX-License-Identifier: Apache-2.0
using System.Formats.Tar;
using System.IO.Compression;
using System.Text.Json;

namespace Tare.Conformance.Build;

/// <summary>Where results go, and what is said about them.</summary>
[Trait("ring", "kernel")]
public sealed class ResultTests(BuildGround ground) : IClassFixture<BuildGround>
{
    private const string Steps = "FROM busybox\nRUN echo 1 > /1; mkdir /d; echo x > /d/x; ln /1 /also; echo l > /one; ln /one /other\nRUN rm /bin/vi /d/x; echo 2 > /1\nRUN rm -r /d; mkdir /d; echo y > /d/y\n";

    [Fact]
    public void A_squashed_image_has_one_layer_above_its_base_and_the_same_files()
    {
        string context = ground.Context(Steps);
        ground.Build(context, "-t", "squash:no", "--network", "none");
        ground.Build(context, "-t", "squash:yes", "--network", "none", "--squash");

        const string Look = "find / -xdev -path /proc -prune -o -path /sys -prune -o -path /dev -prune -o -path /etc/hostname -prune -o -path /etc/hosts -prune -o -path /etc/resolv.conf -prune -o -type f -print | sort; cat /1 /also /d/y; stat -c '%h %n' /one; test ! -e /bin/vi";
        int layers = Inspect("busybox").GetProperty("RootFS").GetProperty("Layers").GetArrayLength();
        Assert.Equal(layers + 3, Inspect("squash:no").GetProperty("RootFS").GetProperty("Layers").GetArrayLength());
        Assert.Equal(layers + 1, Inspect("squash:yes").GetProperty("RootFS").GetProperty("Layers").GetArrayLength());
        Assert.Equal(ground.Shell("squash:no", Look), ground.Shell("squash:yes", Look));
        Assert.Contains("merge sha256:", ground.Tare.Succeed("history", "--no-trunc", "squash:yes"), StringComparison.Ordinal);
        Assert.Equal(ground.Id(context, "--network", "none", "--squash"), ground.Id(context, "--network", "none", "--squash", "--no-cache"));
    }

    [Fact]
    public void Several_outputs_of_one_build_hold_the_same()
    {
        string context = ground.Context("FROM scratch\nCOPY a /a\n", ("a", "1"));
        string folder = Path.Combine(ground.Tare.Folder, "several"), tar = folder + ".tar", metadata = folder + ".json";

        ground.Build(context, "-o", folder, "-o", $"type=tar,dest={tar}", "-o", "type=image,name=several:1", "--metadata-file", metadata);

        Assert.Equal("1", File.ReadAllText(Path.Combine(folder, "a")));
        using (FileStream stream = File.OpenRead(tar))
        using (var reader = new TarReader(stream))
        {
            List<string> names = [];
            while (reader.GetNextEntry() is { } entry)
            {
                names.Add(entry.Name);
            }

            Assert.Contains("a", names);
        }

        JsonElement told = Read(metadata);
        Assert.Equal("docker.io/library/several:1", told.GetProperty("image.name").GetString());
        Assert.Equal(ground.Tare.Succeed("inspect", "-f", "{{.Id}}", "several:1").Trim(), told.GetProperty("containerimage.config.digest").GetString());
        Assert.Equal(told.GetProperty("containerimage.digest").GetString(), told.GetProperty("containerimage.descriptor").GetProperty("digest").GetString());
    }

    [Fact]
    public void A_result_that_is_no_image_has_no_digest()
    {
        string metadata = Path.Combine(ground.Tare.Folder, "nothing.json");

        ground.Build(ground.Context("FROM busybox\nENV A=nothing\n"), "-o", "type=cacheonly", "-t", "cacheonly:1", "--metadata-file", metadata);

        Assert.Empty(Read(metadata).EnumerateObject());
        Assert.NotEqual(0, ground.Tare.Run("inspect", "cacheonly:1").ExitCode);
    }

    [Fact]
    public void Statements_stand_beside_the_image_and_name_it_and_it_runs_as_before()
    {
        const string Canary = "canary-93b1f0d4";
        string secret = Path.Combine(ground.Tare.Folder, "attested-secret");
        File.WriteAllText(secret, Canary);
        string context = ground.Context(
            "FROM busybox\nARG VERSION\nRUN --mount=type=secret,id=tok test -s /run/secrets/tok; mkdir -p /lib/apk/db; printf 'P:musl\\nV:1.2.5-r0\\nA:x86_64\\n\\n' > /lib/apk/db/installed\n");
        string layout = Path.Combine(ground.Tare.Folder, "attested");

        ground.Build(
            context, "--network", "none", "-t", "attested:1", "--secret", $"id=tok,src={secret}", "--build-arg", "VERSION=7", "--sbom=true", "--provenance", "mode=max",
            "-o", $"type=oci,tar=false,dest={layout}", "-o", "type=image");

        JsonElement index = Blob(layout, Read(Path.Combine(layout, "index.json")).GetProperty("manifests")[0]);
        JsonElement[] entries = [.. index.GetProperty("manifests").EnumerateArray()];
        Assert.Equal(2, entries.Length);
        Assert.Equal("unknown", entries[1].GetProperty("platform").GetProperty("os").GetString());
        Assert.Equal("attestation-manifest", entries[1].GetProperty("annotations").GetProperty("vnd.docker.reference.type").GetString());
        string about = entries[0].GetProperty("digest").GetString()!;
        Assert.Equal(about, entries[1].GetProperty("annotations").GetProperty("vnd.docker.reference.digest").GetString());
        JsonElement[] layers = [.. Blob(layout, entries[1]).GetProperty("layers").EnumerateArray()];
        Assert.Equal(
            ["https://spdx.dev/Document", "https://slsa.dev/provenance/v0.2"],
            layers.Select(layer => layer.GetProperty("annotations").GetProperty("in-toto.io/predicate-type").GetString()));
        JsonElement sbom = Blob(layout, layers[0]), provenance = Blob(layout, layers[1]);
        Assert.Equal(about, "sha256:" + provenance.GetProperty("subject")[0].GetProperty("digest").GetProperty("sha256").GetString());
        Assert.Contains("musl", sbom.GetProperty("predicate").GetProperty("packages").EnumerateArray().Select(package => package.GetProperty("name").GetString()));
        JsonElement parameters = provenance.GetProperty("predicate").GetProperty("invocation").GetProperty("parameters");
        Assert.Equal("7", parameters.GetProperty("args").GetProperty("build-arg:VERSION").GetString());
        Assert.Equal("tok", parameters.GetProperty("secrets")[0].GetProperty("id").GetString());
        Assert.StartsWith("pkg:docker/busybox@latest", provenance.GetProperty("predicate").GetProperty("materials")[0].GetProperty("uri").GetString(), StringComparison.Ordinal);
        Assert.Equal("ok\n", ground.Shell("attested:1", "echo ok"));
        File.Delete(secret);
        Assert.Empty(BuildGround.FilesWith(ground.Tare.Folder, Canary));
        ground.Build(ground.Context("FROM attested:1\nRUN echo on top\n"), "--network", "none");
    }

    [Fact]
    public void A_pushed_image_takes_its_statements_along()
    {
        using Conversation server = ground.Tare.Start(
            TareBinary.Path, "registry", "serve", "--addr", "127.0.0.1:0", "--storage", Path.Combine(ground.Tare.Folder, "registry"));
        int from = server.Expect("://", server.Expect(" at http"));
        server.Expect("\n", from);
        string name = server.Said[from..].Trim() + "/app:1";
        using var other = new TareBinary();

        ground.Build(
            ground.Context("FROM busybox\nRUN echo pushed > /p\n"), "--network", "none", "-t", name, "--provenance=true", "-o", "type=registry");
        other.Succeed("pull", name);

        Assert.Contains("attestation-manifest", ground.Tare.Succeed("manifest", "inspect", name), StringComparison.Ordinal);
        Assert.Equal("pushed\n", other.Succeed("run", "--rm", "--network", "none", name, "cat", "/p"));
        other.Succeed("rmi", name);
    }

    [Fact]
    public void Without_being_asked_for_nothing_is_said()
    {
        string metadata = Path.Combine(ground.Tare.Folder, "plain.json");

        ground.Build(ground.Context("FROM busybox\nENV A=plain\n"), "-t", "plain:1", "--metadata-file", metadata);

        Assert.Equal(
            "application/vnd.oci.image.manifest.v1+json",
            Read(metadata).GetProperty("containerimage.descriptor").GetProperty("mediaType").GetString());
    }

    [Fact]
    public void Equal_builds_have_equal_statements()
    {
        string context = ground.Context("FROM busybox\nRUN echo equal > /e\n");
        string[] digests = [.. new[] { "one.json", "two.json" }.Select(name =>
        {
            string metadata = Path.Combine(ground.Tare.Folder, name);
            ground.Build(context, "--network", "none", "--no-cache", "--provenance=true", "--sbom=true", "-t", "equal:1", "--metadata-file", metadata);
            return Read(metadata).GetProperty("containerimage.digest").GetString()!;
        })];

        Assert.Equal(digests[0], digests[1]);
    }

    [Fact]
    public void Files_alone_have_their_statements_beside_them()
    {
        string folder = Path.Combine(ground.Tare.Folder, "beside");

        ground.Build(ground.Context("FROM scratch\nCOPY a /a\n", ("a", "1")), "-o", folder, "--provenance=true", "--sbom=true");

        Assert.Equal("https://spdx.dev/Document", Read(Path.Combine(folder, "sbom.spdx.json")).GetProperty("predicateType").GetString());
        Assert.Equal("https://slsa.dev/provenance/v0.2", Read(Path.Combine(folder, "provenance.json")).GetProperty("predicateType").GetString());
    }

    [Fact]
    public void Packages_of_rpm_and_of_languages_are_in_the_bill_of_materials()
    {
        string folder = Path.Combine(ground.Tare.Folder, "bill"), context = ground.Context(
            "FROM scratch\nCOPY rpmdb.sqlite /usr/lib/sysimage/rpm/\nCOPY app /app\nCOPY os-release /etc/\n", ("os-release", "ID=fedora\nVERSION_ID=40\n"),
            ("app/node_modules/@scope/x/package.json", """{"name":"@scope/x","version":"2.0.0"}"""));
        string database = Path.Combine(TareBinary.Repository, "test/Tare.Build.Tests/testdata/packages/rpmdb.sqlite.gz");
        using (var packed = new GZipStream(File.OpenRead(database), CompressionMode.Decompress))
        using (FileStream file = File.Create(Path.Combine(context, "rpmdb.sqlite")))
        {
            packed.CopyTo(file);
        }

        ground.Build(context, "-o", folder, "--sbom=true");

        string bill = File.ReadAllText(Path.Combine(folder, "sbom.spdx.json"));
        Assert.Contains("pkg:npm/%40scope/x@2.0.0", bill, StringComparison.Ordinal);
        Assert.Contains("pkg:rpm/fedora/tare-world@1.2-3.fc40?arch=noarch&distro=fedora-40&epoch=2&upstream=tare-world-1.2-3.fc40.src.rpm", bill, StringComparison.Ordinal);
    }

    [Fact]
    public void Layers_are_packed_as_the_output_says_and_the_image_runs()
    {
        string layout = Path.Combine(ground.Tare.Folder, "packed"), again = layout + "-again";
        string context = ground.Context("FROM busybox\nRUN echo packed > /p\n");

        ground.Build(
            context, "--network", "none", "-o", $"type=oci,tar=false,dest={layout},compression=zstd,force-compression=true,compression-level=9",
            "-o", $"type=oci,tar=false,dest={again},compression=zstd", "-o", "type=image,name=packed:1,compression=zstd");

        Assert.Equal(["+zstd", "+zstd"], Packing(layout));
        Assert.Equal(["1.tar", "+zstd"], Packing(again));
        Assert.Equal("packed\n", ground.Shell("packed:1", "cat /p"));
        ground.Tare.Succeed("copy", $"oci:{layout}", "store:packed:2");
        Assert.Equal("packed\n", ground.Shell("packed:2", "cat /p"));
        ground.Tare.Succeed("rmi", "packed:1", "packed:2");
    }

    private static IEnumerable<string> Packing(string layout) =>
        Blob(layout, Read(Path.Combine(layout, "index.json")).GetProperty("manifests")[0]).GetProperty("layers").EnumerateArray()
            .Select(static layer => layer.GetProperty("mediaType").GetString()![^5..]);

    [Theory]
    [InlineData("--output", "type=image,colour=red", "unexpected colour")]
    [InlineData("--output", "type=oci", "dest is required")]
    [InlineData("--output", "type=image,push=maybe", "push may be true or false")]
    [InlineData("--provenance", "mode=most", "there are min and max")]
    [InlineData("--attest", "type=other", "no such type other")]
    [InlineData("--annotation", "index:a=b", "index annotations not supported")]
    public void What_cannot_be_is_refused(string flag, string value, string message)
    {
        Outcome outcome = ground.Tare.Run("build", flag, value, ground.Context("FROM busybox\n"));

        Assert.NotEqual(0, outcome.ExitCode);
        Assert.Contains(message, outcome.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void Annotations_stand_in_the_document_that_they_are_for()
    {
        string layout = Path.Combine(ground.Tare.Folder, "annotated");

        ground.Build(
            ground.Context("FROM busybox\n"), "--provenance=true", "--annotation", "a=1", "--annotation", "index,manifest-descriptor:b=2",
            "-o", $"type=oci,tar=false,dest={layout},annotation.c=3");

        JsonElement index = Blob(layout, Read(Path.Combine(layout, "index.json")).GetProperty("manifests")[0]);
        JsonElement entry = index.GetProperty("manifests")[0], manifest = Blob(layout, entry);
        Assert.Equal("2", index.GetProperty("annotations").GetProperty("b").GetString());
        Assert.Equal("2", entry.GetProperty("annotations").GetProperty("b").GetString());
        Assert.Equal(("1", "3"), (manifest.GetProperty("annotations").GetProperty("a").GetString(), manifest.GetProperty("annotations").GetProperty("c").GetString()));
    }

    private JsonElement Inspect(string image)
    {
        using JsonDocument document = JsonDocument.Parse(ground.Tare.Succeed("image", "inspect", image));
        return document.RootElement[0].Clone();
    }

    private static JsonElement Blob(string layout, JsonElement descriptor) =>
        Read(Path.Combine(layout, "blobs", descriptor.GetProperty("digest").GetString()!.Replace(':', '/')));

    private static JsonElement Read(string path)
    {
        using JsonDocument document = JsonDocument.Parse(File.ReadAllBytes(path));
        return document.RootElement.Clone();
    }
}
