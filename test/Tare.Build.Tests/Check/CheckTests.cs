// SPDX-License-Identifier: Apache-2.0
using System.Text;
using Tare.Build.Check;
using Tare.Build.Dockerfile;
using Tare.Build.Graph;

namespace Tare.Build.Tests.Check;

public sealed class CheckTests
{
    [Theory]
    [InlineData("FROM base AS Build\n", "1 StageNameCasing: Stage name 'Build' should be lowercase")]
    [InlineData("FROM base as x\n", "1 FromAsCasing: 'as' and 'FROM' keywords' casing do not match")]
    [InlineData("from base AS x\n", "1 FromAsCasing: 'AS' and 'from' keywords' casing do not match")]
    [InlineData("FROM base\nRUN a \\\n\n  b\n", "4 NoEmptyContinuation: Empty continuation line")]
    [InlineData("FROM base\nrun a\nCMD [\"x\"]\n", "2 ConsistentInstructionCasing: Command 'run' should match the case of the command majority (uppercase)")]
    [InlineData("from base\nRun a\n", "2 ConsistentInstructionCasing: Command 'Run' should match the case of the command majority (lowercase)")]
    [InlineData("FROM base AS x\nFROM base AS x\n", "2 DuplicateStageName: Duplicate stage name \"x\", stage names should be unique")]
    [InlineData("FROM base AS scratch\n", "1 ReservedStageName: Stage name should not use the same name as reserved stage \"scratch\"")]
    [InlineData("FROM base\nCMD run it\n", "2 JSONArgsRecommended: JSON arguments recommended for CMD to prevent unintended behavior related to OS signals")]
    [InlineData("FROM base\nENTRYPOINT run\n", "2 JSONArgsRecommended: JSON arguments recommended for ENTRYPOINT to prevent unintended behavior related to OS signals")]
    [InlineData("FROM base\nSHELL [\"sh\"]\nCMD run it\n", "")]
    [InlineData("FROM base\nMAINTAINER me\n", "2 MaintainerDeprecated: Maintainer instruction is deprecated in favor of using label")]
    [InlineData("ARG BASE=base\nFROM ${BSAE:-base}\n", "2 UndefinedArgInFrom: FROM argument 'BSAE' is not declared (did you mean BASE?)")]
    [InlineData("FROM base\nWORKDIR app\nWORKDIR sub\n", "2 WorkdirRelativePath: Relative workdir \"app\" can have unexpected results if the base image changes")]
    [InlineData("FROM base\nWORKDIR /app\nWORKDIR sub\n", "")]
    [InlineData("FROM base\nENV NAME=1\nCOPY $NAEM .\n", "3 UndefinedVar: Usage of undefined variable '$NAEM' (did you mean $NAME?)")]
    [InlineData("FROM base\nARG X\nCOPY a$X .\n", "")]
    [InlineData("FROM base\nCMD [\"a\"]\nCMD [\"b\"]\n", "2 MultipleInstructionsDisallowed: Multiple CMD instructions should not be used in the same stage because only the last one will be used")]
    [InlineData("FROM base\nHEALTHCHECK NONE\nHEALTHCHECK NONE\n", "2 MultipleInstructionsDisallowed: Multiple HEALTHCHECK instructions should not be used in the same stage because only the last one will be used")]
    [InlineData("FROM base\nENV A b\n", "2 LegacyKeyValueFormat: \"ENV key=value\" should be used instead of legacy \"ENV key value\" format")]
    [InlineData("FROM --platform=$TARGETPLATFORM base\n", "1 RedundantTargetPlatform: Setting platform to predefined $TARGETPLATFORM in FROM is redundant as this is the default behavior")]
    [InlineData("FROM --platform=linux/amd64 base\n", "1 FromPlatformFlagConstDisallowed: FROM --platform flag should not use constant value \"linux/amd64\"")]
    [InlineData("FROM --platform=linux/amd64 base AS build-amd64\n", "")]
    [InlineData("FROM --platform=$BUILDPLATFORM base\n", "")]
    [InlineData("FROM base\nARG API_TOKEN\n", "2 SecretsUsedInArgOrEnv: Do not use ARG or ENV instructions for sensitive data (ARG \"API_TOKEN\")")]
    [InlineData("FROM base\nENV password=x TOKENIZER=y PUBLIC_KEY=z AUTH_FILE=f\n", "2 SecretsUsedInArgOrEnv: Do not use ARG or ENV instructions for sensitive data (ENV \"password\")")]
    [InlineData("ARG TAG\nFROM base:${TAG}\n", "2 InvalidDefaultArgInFrom: Default value for ARG base:${TAG} results in empty or invalid base image name", "TAG=1")]
    [InlineData("FROM base\nCOPY debug.log .\n", "2 CopyIgnoredFile: Attempting to Copy file \"debug.log\" that is excluded by .dockerignore")]
    [InlineData("FROM base\nADD node_modules/x /x\n", "2 CopyIgnoredFile: Attempting to Add file \"node_modules/x\" that is excluded by .dockerignore")]
    [InlineData("FROM base\nCOPY . .\n", "")]
    [InlineData("FROM base\nEXPOSE 80/TCP\n", "2 ExposeProtoCasing: Defined protocol '80/TCP' in EXPOSE instruction should be lowercase")]
    [InlineData("FROM base\nEXPOSE 127.0.0.1:80:80\n", "2 ExposeInvalidFormat: EXPOSE instruction should not define an IP address or host-port mapping, found '127.0.0.1:80:80'")]
    [InlineData("# check=experimental=InvalidDefinitionDescription\n# other words\nFROM base AS x\n# A\nARG B=1\n", "3 InvalidDefinitionDescription: Comment for build stage should follow the format: `# x <description>`|5 InvalidDefinitionDescription: Comment for ARG should follow the format: `# B <description>`")]
    [InlineData("# check=experimental=all\n# x is it\nFROM base AS x\n\n# free comment\n\nARG B=1\n", "")]
    [InlineData("# other words\nFROM base AS x\n", "")]
    [InlineData("# check=skip=MaintainerDeprecated,JSONArgsRecommended\nFROM base\nMAINTAINER me\nCMD x\n", "")]
    [InlineData("# check=skip=all\nFROM base as X\n", "")]
    [InlineData("FROM base AS unused\nMAINTAINER me\nFROM base\n", "2 MaintainerDeprecated: Maintainer instruction is deprecated in favor of using label")]
    [InlineData("FROM base AS unused\nCMD x\nFROM base\n", "2 JSONArgsRecommended: JSON arguments recommended for CMD to prevent unintended behavior related to OS signals")]
    public void A_rule_finds(string text, string expected, string? argument = null)
    {
        BuildRequest request = CorpusFile.Request with
        {
            WantsAllStages = true,
            Ignored = ["node_modules", "*.log"],
            Arguments = argument is null ? new Dictionary<string, string>() : new Dictionary<string, string> { [argument.Split('=')[0]] = argument.Split('=')[1] },
        };

        Assert.Equal(expected, string.Join('|', CorpusFile.Lower(text, request).Warnings
            .Select(static warning => $"{warning.Range.Line} {warning.Rule.Name}: {warning.Message}")));
    }

    [Fact]
    public void A_base_of_another_platform_is_found() => Assert.Equal(
        ["InvalidBaseImagePlatform"],
        CorpusFile.Lower("FROM base\n", CorpusFile.Request with { Target = new Oci.Platform("arm64", "linux"), IsTargetGiven = true })
            .Warnings.Select(static warning => warning.Rule.Name));

    [Fact]
    public void Findings_are_errors_when_the_file_says_so() => Assert.True(CheckOptions.Of(
        DockerfileParser.Parse("Dockerfile", "# check=skip=A;error=true\nFROM base\n"u8)).AreErrors);

    [Fact]
    public void A_build_argument_stands_in_for_the_directive()
    {
        DockerfileDocument document = DockerfileParser.Parse("Dockerfile", "# check=skip=A\nFROM base\n"u8);

        Assert.True(CheckOptions.Of(document, "skip=all").SkipsAll);
        Assert.Throws<Oci.TareException>(() => CheckOptions.Of(document, "skip"));
    }

    [Theory]
    [InlineData("JSONArgsRecommended", "json-args-recommended")]
    [InlineData("SecretsUsedInArgOrEnv", "secrets-used-in-arg-or-env")]
    [InlineData("FromAsCasing", "from-as-casing")]
    public void A_rule_has_a_page(string name, string page) => Assert.Equal(
        $"https://docs.docker.com/go/dockerfile/rule/{page}/", Rules.All.Single(rule => rule.Name == name).Url);

    [Fact]
    public void Targets_are_listed_with_their_descriptions() => Assert.Equal(
        ["build|compiles it|False|base|", "||False|build|linux/arm64", "final|the result|True|scratch|"],
        TargetList.Of(Parse("# build compiles it\nFROM base AS build\n# unnamed stages have none\nFROM --platform=linux/arm64 build\n# first line\n# final the result\nFROM scratch AS final\n"))
            .Select(static one => $"{one.Name}|{one.Description}|{one.IsDefault}|{one.Base}|{one.Platform}"));

    [Fact]
    public void The_outline_says_what_a_target_can_be_given()
    {
        const string Text = """
            # BASE is the base image
            ARG BASE=base
            ARG INNER=1
            ARG OTHER=$INNER
            ARG UNUSED=2
            FROM $BASE AS lib
            # MODE release or debug
            ARG MODE=release
            ARG OTHER
            RUN --mount=type=secret,id=token,required --mount=type=ssh,id=git x
            FROM base AS away
            ARG AWAY
            FROM base AS app
            ARG VERSION
            RUN --mount=type=secret,id=token --mount=type=secret,id=more x
            COPY --from=lib a b
            """;
        Outline outline = CorpusFile.Lower(Text, CorpusFile.Request with { Arguments = new Dictionary<string, string> { ["VERSION"] = "3" } }).Outline;

        Assert.Equal(
            ["BASE=base is the base image", "INNER=1 ", "OTHER=1 ", "MODE=release release or debug", "VERSION=3 "],
            outline.Arguments.Select(static one => $"{one.Name}={one.Value} {one.Description}"));
        Assert.Equal(["token False", "more False"], outline.Secrets.Select(static one => $"{one.Id} {one.IsRequired}"));
        Assert.Equal(["git"], outline.Agents.Select(static one => one.Id));
    }

    private static DockerfileDocument Parse(string text) => DockerfileParser.Parse("Dockerfile", Encoding.UTF8.GetBytes(text));
}
