// SPDX-License-Identifier: Apache-2.0
using System.Text;
using Tare.Build.Dockerfile;
using Tare.Oci;

namespace Tare.Build.Tests.Dockerfile;

public sealed class DockerfileErrorTests
{
    [Fact]
    public void An_error_shows_file_line_text_and_caret()
    {
        TareException error = Refused("FROM base\n# comment\n  RUNN echo hi\n");

        Assert.Equal(
            "Dockerfile:3: unknown instruction: RUNN\n  3 |   RUNN echo hi\n    |   ^^^^", error.Message);
        Assert.Equal("did you mean RUN?", error.Hint);
    }

    [Fact]
    public void The_caret_stands_at_the_line_of_a_continuation()
    {
        TareException error = Refused("FROM base\nCOPY \\\n\t--form=build \\\n  a b\n");

        Assert.Equal("Dockerfile:3: unknown flag of COPY: --form\n  3 | \t--form=build \\\n    | \t^^^^^^^^^^^^", error.Message);
        Assert.Equal("did you mean --from?", error.Hint);
    }

    [Theory]
    [InlineData("", "no instructions", "begins with FROM")]
    [InlineData("# only\n", "no instructions", "begins with FROM")]
    [InlineData("ARG A=1\n", "no stage to build", "begins with FROM")]
    [InlineData("RUN x\n", "1: RUN stands before the first FROM", "only ARG may stand before it")]
    [InlineData("FROM base\nFORM base\n", "2: unknown instruction: FORM", "did you mean FROM?")]
    [InlineData("FROM base\nENTRIPOINT x\n", "unknown instruction: ENTRIPOINT", "did you mean ENTRYPOINT?")]
    [InlineData("FROM base\nXYZ x\n", "unknown instruction: XYZ", null)]
    [InlineData("FROM\n", "FROM requires either one or three arguments", null)]
    [InlineData("FROM base build\n", "FROM requires either one or three arguments", null)]
    [InlineData("FROM base SA build\n", "\"SA\" stands where AS is meant", null)]
    [InlineData("FROM base AS 1st\n", "invalid name for build stage: \"1st\"", null)]
    [InlineData("FROM --platfrom=linux base\n", "unknown flag of FROM: --platfrom", "did you mean --platform?")]
    [InlineData("FROM --platform base\n", "--platform wants a value", null)]
    [InlineData("FROM base\nCOPY a\n", "COPY requires at least two arguments", null)]
    [InlineData("FROM base\nCOPY --from=a --from=b x y\n", "--from is given twice", null)]
    [InlineData("FROM base\nCOPY --link=maybe x y\n", "--link is \"maybe\"", null)]
    [InlineData("FROM base\nCOPY x <<EOF\nEOF\n", "a heredoc can not be the destination", null)]
    [InlineData("FROM base\nRUN <<EOF\necho\n", "unterminated heredoc \"EOF\"", "only EOF ends it")]
    [InlineData("FROM base\nRUN <<'EOF\nEOF\n", null, null)]
    [InlineData("FROM base\nRUN\n", "RUN requires at least one argument", null)]
    [InlineData("FROM base\nRUN [\"a\", 1]\n", "the JSON form takes strings only", null)]
    [InlineData("FROM base\nRUN --network=hots x\n", "unsupported network \"hots\"", "did you mean host?")]
    [InlineData("FROM base\nRUN --security=none x\n", "unsupported security mode \"none\"", "sandbox, insecure")]
    [InlineData("FROM base\nRUN --mount=type=bind,from=$X,target=/x y\n", "'from' doesn't support variable expansion", null)]
    [InlineData("FROM base\nRUN --mount=type=bidn,target=/x y\n", "unsupported mount type \"bidn\"", "did you mean bind?")]
    [InlineData("FROM base\nRUN --mount=type=cache,tagret=/x y\n", "unexpected key \"tagret\"", "did you mean target?")]
    [InlineData("FROM base\nRUN --mount=type=bind,target=/x,mode=0700 y\n", "mode not allowed for bind type mounts", null)]
    [InlineData("FROM base\nRUN --mount=type=cache,target=/x,mode=9 y\n", "invalid value for mode: \"9\"", null)]
    [InlineData("FROM base\nRUN --mount=type=cache,target=/x,uid=4294967296 y\n", "invalid value for uid", null)]
    [InlineData("FROM base\nRUN --mount=type=bind,target=/x,sharing=locked y\n", "invalid cache sharing set for bind mount", null)]
    [InlineData("FROM base\nRUN --mount=type=cache,target=/x,sharing=lokced y\n", "unsupported sharing value", "did you mean locked?")]
    [InlineData("FROM base\nRUN --mount=type=cache,target=/x,required y\n", "unexpected key 'required' for mount type 'cache'", null)]
    [InlineData("FROM base\nRUN --mount=type=bind,target=/x,size=1m y\n", "unexpected key 'size' for mount type 'bind'", null)]
    [InlineData("FROM base\nRUN --mount=type=cache,target=/x,source=a y\n", "source of a cache mount stands without from", "the whole cache")]
    [InlineData("FROM base\nRUN --mount=type=secret y\n", "invalid secret mount", null)]
    [InlineData("FROM base\nRUN --mount=type=secret,id=a,source=b y\n", "id or source, not both", null)]
    [InlineData("FROM base\nRUN --mount=type=tmpfs,target=/ y\n", "the target of a mount is the root", null)]
    [InlineData("FROM base\nRUN --mount=type=tmpfs,'\"target=/x' y\n", "malformed", null)]
    [InlineData("FROM base\nRUN --device=a,b,c y\n", "in --device", null)]
    [InlineData("FROM base\nENV\n", "ENV requires at least one argument", null)]
    [InlineData("FROM base\nENV A\n", "ENV must have two arguments", "write ENV A=value")]
    [InlineData("FROM base\nENV A=1 B\n", "no '=' in \"B\"", null)]
    [InlineData("FROM base\nENV =1\n", "ENV names can not be blank", null)]
    [InlineData("FROM base\nARG =1\n", "the name of an ARG is empty", null)]
    [InlineData("FROM base\nCMD --x y\n", "unknown flag of CMD: --x", null)]
    [InlineData("FROM base\nSHELL /bin/sh -c\n", "SHELL requires the arguments to be in JSON form", null)]
    [InlineData("FROM base\nSHELL []\n", "SHELL requires at least one argument", null)]
    [InlineData("FROM base\nONBUILD ONBUILD RUN x\n", "ONBUILD may not be an ONBUILD trigger", null)]
    [InlineData("FROM base\nONBUILD FROM x\n", "FROM may not be an ONBUILD trigger", null)]
    [InlineData("FROM base\nONBUILD RNU x\n", "unknown instruction: RNU", "did you mean RUN?")]
    [InlineData("FROM base\nHEALTHCHECK CDM x\n", "HEALTHCHECK CDM is unknown", "did you mean CMD?")]
    [InlineData("FROM base\nHEALTHCHECK NONE x\n", "HEALTHCHECK NONE takes no arguments", null)]
    [InlineData("FROM base\nHEALTHCHECK CMD\n", "a command is missing after HEALTHCHECK CMD", null)]
    [InlineData("FROM base\nHEALTHCHECK --interval=5 CMD x\n", "\"5\" is not a duration", null)]
    [InlineData("FROM base\nHEALTHCHECK --interval=1us CMD x\n", "1us is less than 1ms", null)]
    [InlineData("FROM base\nHEALTHCHECK --retries=-1 CMD x\n", "\"-1\" is not a number of retries", null)]
    [InlineData("FROM base\nVOLUME [\"\"]\n", "VOLUME: a path is empty", null)]
    [InlineData("# escape=x\nFROM base\n", "1: escape is \"x\"", "it must be \\ or `")]
    [InlineData("# escape=`\n# escape=`\nFROM base\n", "2: a second escape directive", null)]
    [InlineData("# check=foo\nFROM base\n", "unknown option \"foo\"", null)]
    [InlineData("# syntax=example.org/other\nFROM base\n", "another frontend's", "docker/dockerfile is built in")]
    [InlineData("FROM $NONE\n", "base name ($NONE) should not be blank", "--build-arg NONE=")]
    [InlineData("FROM Base AS x\n", "\"Base\" is neither a stage nor the name of an image", null)]
    [InlineData("FROM base AS build\nFROM builD\n", "\"builD\" is neither a stage", "did you mean build?")]
    [InlineData("FROM --platform=a/b/c/d base\n", "is not a platform", null)]
    [InlineData("FROM --platform=$X base\n", "empty platform value from expression $X", null)]
    [InlineData("FROM base AS a\nCOPY --from=a x y\n", "circular dependency detected on stage: a", null)]
    [InlineData("FROM base AS a\nCOPY --from=b x y\nFROM base AS b\nFROM a\n", "it needs to be defined before current stage", null)]
    [InlineData("FROM base\nCOPY --from=3 x y\n", "invalid stage index 3", "there are 1 stages")]
    [InlineData("FROM base\nARG S=x\nCOPY --from=$S x y\n", "variable expansion is not supported for --from", null)]
    [InlineData("FROM base\nENV A=\"${B:?is needed}\"\n", "B: is needed", null)]
    [InlineData("FROM base\nENV A=${B\n", "missing '}'", null)]
    [InlineData("FROM base\nWORKDIR \"/x\n", "double-quote", null)]
    [InlineData("FROM base\nCOPY --chmod=8 a b\n", "invalid chmod parameter: \"8\"", null)]
    [InlineData("FROM base\nCOPY http://example.org/x /x\n", "source can't be a URL for COPY", "ADD takes it")]
    [InlineData("FROM base\nCOPY https://example.org/x.git /x\n", "source can't be a git ref for COPY", "ADD takes it")]
    [InlineData("FROM base\nADD --checksum=sha256:00 http://a/b c d\n", "checksum can't be specified for multiple sources", null)]
    [InlineData("FROM base\nADD --checksum=sha256:00 http://a/b c\n", "is not a digest", null)]
    [InlineData("FROM base\nADD --checksum=sha256:00 b c\n", "checksum requires HTTP(S) or Git sources", null)]
    [InlineData("FROM base\nADD https://a/b.git#:../x /c\n", "leads out of it", null)]
    [InlineData("FROM base\nADD https://a/b.git#--upload-pack=x /c\n", "the ref of the repository is malformed", null)]
    [InlineData("FROM base\nCOPY a[ b/\n", "a [ is not closed", null)]
    [InlineData("FROM base\nCOPY <<../../etc/passwd /x\n../../etc/passwd\n", "is not the name of a file", null)]
    [InlineData("FROM base\nRUN <<a/b\n#!/bin/sh\na/b\n", "is not the name of a file", null)]
    [InlineData("FROM base\nEXPOSE 70000\n", "invalid port 70000", null)]
    [InlineData("FROM base\nEXPOSE 80/icmp\n", "invalid protocol icmp", null)]
    [InlineData("FROM base\nSTOPSIGNAL SIGNOPE\n", "invalid signal: \"SIGNOPE\"", null)]
    public void What_is_wrong_is_told_with_a_hint(string text, string? message, string? hint)
    {
        TareException error = Refused(text);

        Assert.Contains(message ?? "", error.Message, StringComparison.Ordinal);
        Assert.Contains(hint ?? "", error.Hint ?? "", StringComparison.Ordinal);
    }

    [Fact]
    public void A_line_that_is_not_UTF8_is_refused_unless_it_is_a_comment()
    {
        byte[] latin = [.. "FROM base\n# gr"u8, 0xFC, .. "n\nRUN echo 1\n"u8];
        byte[] bad = [.. "FROM base\nRUN echo gr"u8, 0xFC, .. "n\n"u8];

        Assert.Single(DockerfileParser.Parse("Dockerfile", latin).Stages[0].Instructions);
        Assert.Contains("Dockerfile:2: the line is not UTF-8", Assert.Throws<TareException>(() => DockerfileParser.Parse("Dockerfile", bad)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Bounds_are_kept()
    {
        Assert.Equal(ErrorKind.ResourceExhausted, Refused("FROM base\nRUN " + new string('x', SourceText.MaxLineBytes) + "\n").Kind);
        Assert.Equal(ErrorKind.ResourceExhausted, Refused(new string('\n', SourceText.MaxBytes + 1)).Kind);
        Assert.Equal(ErrorKind.ResourceExhausted, Refused(string.Concat(Enumerable.Repeat("FROM base\n", DockerfileParser.MaxStages + 1))).Kind);
    }

    [Fact]
    public void Variables_that_double_each_other_end_at_a_bound()
    {
        string text = "FROM base\nENV A=0123456789\n" + string.Concat(Enumerable.Repeat("ENV A=$A$A\n", 200));

        Assert.Equal(ErrorKind.ResourceExhausted, Refused(text).Kind);
    }

    [Fact]
    public void Many_large_variables_end_at_a_bound()
    {
        string text = "FROM base\nENV A=" + new string('x', 60_000) + "\nENV B=$A$A$A$A$A$A$A$A$A$A\n"
            + string.Concat(Enumerable.Repeat("RUN true\n", 2000));

        Assert.Equal(ErrorKind.ResourceExhausted, Refused(text).Kind);
    }

    [Fact]
    public void An_unknown_target_names_the_stages()
    {
        TareException error = Assert.Throws<TareException>(() => CorpusFile.Lower(
            "FROM base AS build\nFROM base AS final\n", CorpusFile.Request with { Stage = "biuld" }));

        Assert.Equal((ErrorKind.NotFound, "did you mean build?"), (error.Kind, error.Hint));
        Assert.Contains("target stage \"biuld\" could not be found", error.Message, StringComparison.Ordinal);
    }

    private static TareException Refused(string text) => Assert.Throws<TareException>(() =>
        CorpusFile.Lower(DockerfileParser.Parse("Dockerfile", Encoding.UTF8.GetBytes(text)), CorpusFile.Request));
}
