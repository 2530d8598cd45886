// SPDX-License-Identifier: Apache-2.0
using Tare.Build.Dockerfile;
using Tare.Build.Export;
using Tare.Build.Graph;
using Tare.Build.Solve;
using Tare.Images.Store;
using Tare.Oci;

namespace Tare.Build.Tests.Export;

public sealed class ImageAssemblyTests
{
    private static readonly StoredLayer Layer = new(
        new ChainId(Digest.Of("chain"u8)), new DiffId(Digest.Of("diff"u8)), new Descriptor(MediaType.OciLayerGzip, Digest.Of("blob"u8), 4), 4);

    [Fact]
    public void History_tells_which_steps_have_layers()
    {
        Vertex made = new(new MakeFolderOperation("/a", null), [], "a", default);
        Vertex found = new(new MakeFolderOperation("/b", null), [made], "b", default);
        History inherited = new() { CreatedBy = "base", Created = "2001-01-01T00:00:00Z" };
        StageResult stage = new(
            found,
            new ImageConfig("amd64", "linux"),
            [new("base", null, inherited), new("WORKDIR /a", made, null), new("WORKDIR /b", found, null), new("CMD x", null, null)]);
        Dictionary<VertexId, VertexResult> results = new()
        {
            [made.Id] = new VertexResult.Layered([Layer], true),
            [found.Id] = new VertexResult.Layered([Layer], false),
        };

        ImageConfig config = ImageAssembly.Of(stage, results, [Layer], BuildTime.Of("0")).Config;

        Assert.Equal([false, false, true, true], config.History.Select(static step => step.EmptyLayer));
        Assert.Equal(
            ["2001-01-01T00:00:00Z", "1970-01-01T00:00:00Z", "1970-01-01T00:00:00Z", "1970-01-01T00:00:00Z"],
            config.History.Select(static step => step.Created));
        Assert.Equal([Layer.DiffId], config.RootFs.DiffIds);
        Assert.Equal("1970-01-01T00:00:00Z", config.Created);
    }

    [Fact]
    public void Nothing_of_the_moment_of_the_build_is_in_it()
    {
        DockerfileDocument document = DockerfileParser.Parse("Dockerfile", "FROM scratch\nLABEL a=b\nCMD [\"/x\"]\n"u8);
        Platform platform = new("linux", "amd64");
        BuildGraph graph = Lowering.Lower(document, new BuildRequest(platform, platform), new Dictionary<BaseRequest, BaseImage>());

        byte[] first = Bytes(graph), second = Bytes(graph);

        Assert.Equal(first, second);
        Assert.Contains("1980-01-01T00:00:00Z", System.Text.Encoding.UTF8.GetString(first), StringComparison.Ordinal);
    }

    private static byte[] Bytes(BuildGraph graph) => ImageAssembly.Of(
        graph.Result!, new Dictionary<VertexId, VertexResult>(), [], BuildTime.Fixed).Config.ToBytes();
}
