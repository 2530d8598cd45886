// SPDX-License-Identifier: Apache-2.0
using System.Text;
using Tare.Build.Dockerfile;
using Tare.Build.Graph;
using Tare.Oci;

namespace Tare.Build.Tests.Graph;

public sealed class LoweringTests
{
    private const string Stages = """
        FROM base AS left
        RUN echo left
        FROM base AS right
        RUN echo right
        FROM base AS unused
        RUN exit 1
        FROM base AS final
        COPY --from=left /a /
        COPY --from=right /a /
        """;

    [Fact]
    public void Stages_that_nothing_needs_are_not_in_the_graph()
    {
        BuildGraph graph = CorpusFile.Lower(Stages);

        Assert.DoesNotContain(graph.Vertices, static vertex => vertex.Name.Contains("exit 1", StringComparison.Ordinal));
        Assert.Equal(5, graph.Vertices.Count);
    }

    [Fact]
    public void A_target_leaves_out_what_follows()
    {
        BuildGraph graph = CorpusFile.Lower(Stages, CorpusFile.Request with { Stage = "RIGHT" });

        Assert.Equal(2, graph.Vertices.Count);
        Assert.EndsWith("echo right", graph.Vertices[^1].Name, StringComparison.Ordinal);
    }

    [Fact]
    public void Inputs_stand_before_their_users_and_independent_ones_do_not_lead_to_each_other()
    {
        BuildGraph graph = CorpusFile.Lower(Stages);
        Dictionary<VertexId, int> places = graph.Vertices.Select(static (vertex, i) => (vertex.Id, i)).ToDictionary();
        Vertex left = graph.Vertices.Single(static vertex => vertex.Name.EndsWith("echo left", StringComparison.Ordinal));
        Vertex right = graph.Vertices.Single(static vertex => vertex.Name.EndsWith("echo right", StringComparison.Ordinal));

        Assert.All(graph.Vertices, vertex => Assert.All(vertex.Inputs.OfType<Vertex>(), input => Assert.True(places[input.Id] < places[vertex.Id])));
        Assert.Equal(left.Inputs, right.Inputs);
    }

    [Fact]
    public void The_same_work_is_one_vertex() => Assert.Equal(
        3, CorpusFile.Lower("FROM base AS a\nRUN x\nFROM base AS b\nRUN x\nFROM base\nCOPY --from=a / /\nCOPY --from=b / /\n")
            .Vertices.Count(static vertex => vertex.Operation is RunOperation or TransferOperation));

    [Fact]
    public void An_id_says_nothing_of_names_places_and_comments()
    {
        BuildGraph one = CorpusFile.Lower("FROM base AS x\nWORKDIR /w\nRUN  a && \\\n b\nCOPY . .\n");
        BuildGraph two = CorpusFile.Lower("# comment\n\nFROM docker.io/library/base:latest AS other\nworkdir   /w\n\nRUN a && \\\n# inside\n b\nCOPY ./ ./\n");

        Assert.Equal(one.Result!.Root!.Id, two.Result!.Root!.Id);
    }

    [Theory]
    [InlineData("FROM base\nRUN a\n", "FROM base\nRUN b\n")]
    [InlineData("FROM base\nRUN a\n", "FROM base\nENV X=1\nRUN a\n")]
    [InlineData("FROM base\nRUN a\n", "FROM base\nARG X=1\nRUN a\n")]
    [InlineData("FROM base\nRUN a\n", "FROM base\nUSER 1\nRUN a\n")]
    [InlineData("FROM base\nRUN a\n", "FROM base\nRUN --network=none a\n")]
    [InlineData("FROM base\nRUN a\n", "FROM base\nRUN --security=insecure a\n")]
    [InlineData("FROM base\nRUN a\n", "FROM base\nRUN [\"a\"]\n")]
    [InlineData("FROM base\nRUN a\n", "FROM base\nRUN --mount=type=tmpfs,target=/t a\n")]
    [InlineData("FROM base\nRUN a\n", "FROM base\nRUN --mount=type=secret,id=t a\n")]
    [InlineData("FROM base\nRUN a\n", "FROM scratch\nRUN a\n")]
    [InlineData("FROM base\nCOPY a b\n", "FROM base\nADD a b\n")]
    [InlineData("FROM base\nCOPY a b\n", "FROM base\nCOPY a b/\n")]
    [InlineData("FROM base\nCOPY a b\n", "FROM base\nCOPY --chown=1 a b\n")]
    [InlineData("FROM base\nCOPY a b\n", "FROM base\nCOPY --chmod=600 a b\n")]
    [InlineData("FROM base\nCOPY a b\n", "FROM base\nCOPY --exclude=x a b\n")]
    [InlineData("FROM base\nCOPY a b\n", "FROM base\nCOPY --parents a b\n")]
    [InlineData("FROM base\nCOPY a b\n", "FROM base\nCOPY --link a b\n")]
    [InlineData("FROM base\nCOPY <<a b\n1\na\n", "FROM base\nCOPY <<a b\n2\na\n")]
    [InlineData("FROM base\nWORKDIR /a\n", "FROM base\nUSER 1\nWORKDIR /a\n")]
    public void What_changes_the_result_changes_the_id(string one, string two) =>
        Assert.NotEqual(CorpusFile.Lower(one).Result!.Root!.Id, CorpusFile.Lower(two).Result!.Root!.Id);

    [Theory]
    [InlineData("LABEL a=b")]
    [InlineData("CMD [\"x\"]")]
    [InlineData("EXPOSE 80")]
    [InlineData("HEALTHCHECK NONE")]
    [InlineData("ENTRYPOINT [\"x\"]")]
    [InlineData("STOPSIGNAL 9")]
    [InlineData("VOLUME /v")]
    [InlineData("MAINTAINER me")]
    public void What_is_only_config_makes_no_vertex(string instruction) => Assert.Equal(
        CorpusFile.Lower("FROM base\nRUN a\n").Result!.Root!.Id,
        CorpusFile.Lower($"FROM base\n{instruction}\nRUN a\n").Result!.Root!.Id);

    [Fact]
    public void Proxies_reach_the_process_and_not_the_id()
    {
        BuildRequest request = CorpusFile.Request with { Arguments = new Dictionary<string, string> { ["HTTP_PROXY"] = "http://p" } };
        BuildGraph with = CorpusFile.Lower("FROM base\nRUN a\n", request);

        Assert.Equal(CorpusFile.Lower("FROM base\nRUN a\n").Result!.Root!.Id, with.Result!.Root!.Id);
        Assert.Equal(["HTTP_PROXY=http://p", "http_proxy=http://p"], ((RunOperation)with.Result.Root.Operation).Proxies);
        Assert.DoesNotContain(with.Result.History, static step => step.CreatedBy.Contains("http://p", StringComparison.Ordinal));
    }

    [Fact]
    public void Bases_are_asked_for_until_all_are_known()
    {
        DockerfileDocument document = DockerfileParser.Parse("Dockerfile", "FROM parent\nCOPY --from=tool /x /\n"u8);
        List<string> asked = [];

        BuildGraph graph = CorpusFile.Lower(document, CorpusFile.Request, request =>
        {
            asked.Add(request.Image.FamiliarName);
            return request.Image.FamiliarName != "parent" ? CorpusFile.Base : CorpusFile.Base with
            {
                Config = CorpusFile.Base.Config with
                {
                    Config = new RunConfig { OnBuild = ["COPY --from=hidden /y /", "RUN triggered"], Cmd = ["c"] },
                },
            };
        });

        Assert.Equal(["hidden", "parent", "tool"], asked.Order(StringComparer.Ordinal));
        Assert.Null(graph.Result!.Config.Config.OnBuild);
        Assert.Contains(graph.Vertices, static vertex => vertex.Name.EndsWith("ONBUILD RUN triggered", StringComparison.Ordinal));
    }

    [Fact]
    public void A_malformed_trigger_names_the_image()
    {
        TareException error = Assert.Throws<TareException>(() => CorpusFile.Lower("FROM parent\n", resolve: static _ => CorpusFile.Base with
        {
            Config = CorpusFile.Base.Config with { Config = new RunConfig { OnBuild = ["RNU x"] } },
        }));

        Assert.StartsWith("ONBUILD of parent:latest:1: unknown instruction: RNU", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_named_context_replaces_an_image_and_a_stage()
    {
        BuildRequest request = CorpusFile.Request with
        {
            Contexts = new Dictionary<string, string> { ["base"] = "docker-image://other:1", ["deps"] = "./deps", ["files"] = "/host/files" },
        };
        BuildGraph graph = CorpusFile.Lower(
            "FROM base AS deps\nRUN never\nFROM base\nCOPY --from=deps a b\nCOPY --from=files a b\n", request);

        Assert.Equal(
            ["other:1"], graph.Vertices.Select(static vertex => vertex.Operation).OfType<ImageOperation>().Select(static one => one.Image.Familiar.Split('@')[0]));
        Assert.Equal(
            ["deps", "files"], graph.Vertices.Select(static vertex => vertex.Operation).OfType<ContextOperation>().Select(static one => one.Name));
        Assert.DoesNotContain("/host", PlanText.Of(graph), StringComparison.Ordinal);
    }

    [Fact]
    public void Labels_of_the_request_win_and_the_given_platform_is_said()
    {
        BuildRequest request = new(new Platform("arm64", "linux"), new Platform("amd64", "linux"))
        {
            IsTargetGiven = true,
            Labels = new Dictionary<string, string> { ["a"] = "2" },
        };
        ImageConfig config = CorpusFile.Lower("FROM base\nLABEL a=1 b=1\n", request).Result!.Config;

        Assert.Equal(("arm64", "2", "1"), (config.Architecture, config.Config.Labels!["a"], config.Config.Labels["b"]));
    }

    [Fact]
    public void Steps_can_be_kept_from_the_cache_by_stage()
    {
        BuildGraph graph = CorpusFile.Lower(Stages, CorpusFile.Request with { UncachedStages = ["Left"] });

        Assert.Equal(["RUN echo left"], graph.Vertices.Where(static vertex => vertex.IgnoresCache && vertex.Operation is RunOperation).Select(static vertex => vertex.Name[^13..]));
        Assert.All(CorpusFile.Lower(Stages, CorpusFile.Request with { IgnoresCache = true }).Vertices.Where(static vertex => vertex.Operation is RunOperation), static vertex => Assert.True(vertex.IgnoresCache));
    }

    [Fact]
    public void A_step_of_two_stages_is_kept_from_the_cache_when_one_wants_it() => Assert.True(CorpusFile.Lower(
        "FROM base AS a\nRUN x\nFROM base AS b\nRUN x\nFROM a\nCOPY --from=b / /\n", CorpusFile.Request with { UncachedStages = ["b"] })
        .Vertices.Single(static vertex => vertex.Operation is RunOperation).IgnoresCache);

    [Fact]
    public void A_thousand_stages_in_a_row_are_lowered()
    {
        StringBuilder text = new("FROM base AS s0\n");
        for (int i = 1; i < DockerfileParser.MaxStages; i++)
        {
            text.Append($"FROM s{i - 1} AS s{i}\nRUN {i}\n");
        }

        Assert.Equal(DockerfileParser.MaxStages, CorpusFile.Lower(text.ToString()).Vertices.Count);
    }

    [Fact]
    public void A_secret_is_in_the_graph_by_its_id_alone()
    {
        RunOperation run = (RunOperation)CorpusFile.Lower("FROM base\nRUN --mount=type=secret,id=dir/token,required --mount=type=ssh x\n").Result!.Root!.Operation;

        Assert.Equal(("/run/secrets/token", "dir/token", true, 256u), (run.Mounts[0].Target, run.Mounts[0].Id, run.Mounts[0].IsRequired, run.Mounts[0].Mode));
        Assert.Equal("default", run.Mounts[1].Id);
    }
}
