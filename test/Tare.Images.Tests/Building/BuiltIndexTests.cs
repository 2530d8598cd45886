// SPDX-License-Identifier: Apache-2.0
using System.Text;
using Tare.Images.Building;
using Tare.Images.Tests.Store;
using Tare.Oci;

namespace Tare.Images.Tests.Building;

[Trait("ring", "kernel")]
public sealed class BuiltIndexTests : IDisposable
{
    private readonly TestStore _store = new();

    public void Dispose() => _store.Dispose();

    [Fact]
    public async Task Behind_all_images_stands_a_manifest_of_statements_for_each_that_has_some()
    {
        using BuiltImage arm = ImageOf("arm64"), mainframe = ImageOf("s390x"), silent = ImageOf("riscv64");

        using var built = new BuiltIndex([Said(arm, "arm64", "a"), new(silent, new Platform("riscv64", "linux")), Said(mainframe, "s390x", "b")], null, asDocker: false);

        ImageIndex index = ImageIndex.Parse(await ReadAsync(built, built.Root));
        Assert.Equal(
            ["linux/arm64", "linux/riscv64", "linux/s390x", "unknown/unknown", "unknown/unknown"],
            index.Manifests.Select(static one => one.Platform!.ToString()));
        Assert.Equal(
            [arm.Root.Digest.ToString(), mainframe.Root.Digest.ToString()],
            index.Manifests.Skip(3).Select(static one => one.Annotations!["vnd.docker.reference.digest"]));
        ImageManifest statements = ImageManifest.Parse(await ReadAsync(built, index.Manifests[4]));
        Assert.Equal("application/vnd.in-toto+json", Assert.Single(statements.Layers).MediaType);
        Assert.Equal("b", Encoding.UTF8.GetString(await ReadAsync(built, statements.Layers[0])));
        Assert.Equal(arm.Config.Size, (await ReadAsync(built, arm.Config)).Length);
    }

    private BuiltImage ImageOf(string architecture) => new(_store.Images, new ImageConfig(architecture, "linux"), []);

    private static IndexedImage Said(BuiltImage image, string architecture, string statement) => new(image, new Platform(architecture, "linux"))
    {
        Attestations = [new Attestation("https://example.com/predicate", Encoding.UTF8.GetBytes(statement))],
    };

    private static async Task<byte[]> ReadAsync(BuiltIndex index, Descriptor content)
    {
        using var bytes = new MemoryStream();
        await using Stream? stream = await index.OpenAsync(content, TestContext.Current.CancellationToken);
        await stream!.CopyToAsync(bytes, TestContext.Current.CancellationToken);
        return bytes.ToArray();
    }
}
