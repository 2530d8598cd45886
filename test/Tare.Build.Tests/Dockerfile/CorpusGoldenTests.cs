// SPDX-License-Identifier: Apache-2.0
using Tare.Build.Dockerfile;
using Tare.Build.Graph;

namespace Tare.Build.Tests.Dockerfile;

public sealed class CorpusGoldenTests
{
    public static TheoryData<string> Cases => new(CorpusFile.Names);

    [Fact]
    public void The_corpus_has_at_least_60_files() => Assert.True(CorpusFile.Names.Count() >= 60);

    [Theory]
    [MemberData(nameof(Cases))]
    public void A_file_is_parsed_as_expected(string name) => CorpusFile.AssertGolden(
        $"document/{name}.txt", DocumentText.Of(DockerfileParser.Parse(name + ".Dockerfile", CorpusFile.Bytes(name))));

    [Theory]
    [MemberData(nameof(Cases))]
    public void A_file_is_lowered_as_expected(string name) => CorpusFile.AssertGolden(
        $"plan/{name}.txt",
        PlanText.Of(CorpusFile.Lower(
            DockerfileParser.Parse(name + ".Dockerfile", CorpusFile.Bytes(name)), CorpusFile.Request)));
}
