// SPDX-License-Identifier: Apache-2.0
using Tare.Build.Graph;
using Tare.Oci;

namespace Tare.Build.Tests.Graph;

public sealed class JoinedGraphTests
{
    private const string Pinned = """
        FROM --platform=$BUILDPLATFORM base AS make
        RUN common
        ARG TARGETARCH
        RUN special
        FROM scratch
        copy --from=make /a /
        """;

    [Fact]
    public void What_two_platforms_have_in_common_is_one_vertex_and_inputs_stay_before_users()
    {
        BuildGraph[] graphs = [.. Graphs(CorpusFile.Request)];

        IReadOnlyList<Vertex> all = BuildGraph.Joined(graphs);

        Assert.Equal(
            [
                "[linux/amd64 make 2/3] RUN common", "[linux/amd64->arm64 make 3/3] RUN special", "[linux/amd64->s390x make 3/3] RUN special",
            ],
            all.Where(static vertex => vertex.Operation is RunOperation).Select(static vertex => vertex.Name).Order());
        Assert.Equal(2, all.Count(static vertex => vertex.Operation is TransferOperation));
        Dictionary<VertexId, int> places = all.Select(static (vertex, i) => (vertex.Id, i)).ToDictionary();
        Assert.All(all, vertex => Assert.All(vertex.Inputs.OfType<Vertex>(), input => Assert.True(places[input.Id] < places[vertex.Id])));
    }

    [Fact]
    public void One_graph_that_wants_a_step_run_is_enough()
    {
        BuildGraph cached = Graphs(CorpusFile.Request).First(), uncached = Graphs(CorpusFile.Request with { IgnoresCache = true }).Last();

        IReadOnlyList<Vertex> all = BuildGraph.Joined([cached, uncached]);

        Assert.True(all.Single(static vertex => vertex.Name.EndsWith("RUN common", StringComparison.Ordinal)).IgnoresCache);
        Assert.False(all.Single(static vertex => vertex.Name.Contains("->arm64", StringComparison.Ordinal)).IgnoresCache);
    }

    [Fact]
    public void A_finding_that_all_platforms_have_is_told_once() =>
        Assert.Equal(["ConsistentInstructionCasing"], BuildGraph.WarningsOf([.. Graphs(CorpusFile.Request)]).Select(static one => one.Rule.Name));

    private static IEnumerable<BuildGraph> Graphs(BuildRequest request) => new[] { "arm64", "s390x" }.Select(architecture =>
        CorpusFile.Lower(Pinned, request with
        {
            Target = new Platform(architecture, "linux"),
            Host = new Platform("amd64", "linux"),
            IsTargetGiven = true,
            ShowsPlatform = true,
        }));
}
