// SPDX-License-Identifier: Apache-2.0

namespace Tare.Conformance.Build;

/// <summary><c>build</c>: what becomes of instructions, seen in containers of the image.</summary>
[Trait("ring", "kernel")]
public sealed class BuildTests(BuildGround ground) : IClassFixture<BuildGround>
{
    [Fact]
    public void Files_have_the_owners_modes_and_places_that_they_were_given()
    {
        string context = ground.Context(
            """
            FROM busybox
            WORKDIR /app/bin
            COPY one.txt ./
            COPY --chown=7:8 --chmod=u=rw,g=r,o= sub/a sub/deep/b /fresh/
            COPY --chmod=700 one.txt /made/one
            COPY <<EOF /etc/motd
            hello
            EOF
            RUN ln -s one.txt link && chown 5:6 one.txt && mkdir -m 1777 /shared
            """,
            ("one.txt", "1"), ("sub/a", "a"), ("sub/deep/b", "b"));

        ground.Build(context, "-t", "files");

        Assert.Equal(
            "5:6 644 /app/bin/one.txt\n7:8 640 /fresh/a\n7:8 640 /fresh/b\n7:8 755 /fresh\n0:0 700 /made\n0:0 644 /etc/motd\n0:0 1777 /shared\none.txt\nhello\n",
            ground.Shell(
                "files",
                "stat -c '%u:%g %a %n' /app/bin/one.txt /fresh/a /fresh/b /fresh /made /etc/motd /shared; readlink link; cat /etc/motd"));
    }

    [Fact]
    public void What_a_step_removes_is_gone_and_what_is_replaced_hides_the_old()
    {
        string context = ground.Context(
            """
            FROM busybox
            RUN mkdir -p /d/old && echo 1 > /d/old/f && echo 2 > /gone
            RUN rm /gone && rm -r /d && mkdir /d && echo 3 > /d/new
            """);

        ground.Build(context, "-t", "removed");

        Assert.Equal("new\n3\n", ground.Shell("removed", "ls /d; cat /d/new; test ! -e /gone"));
    }

    [Fact]
    public void Stages_give_files_and_settings_and_unneeded_ones_are_not_built()
    {
        string context = ground.Context(
            """
            FROM busybox AS tools
            RUN echo tool > /tool
            FROM busybox AS unused
            RUN false
            FROM busybox AS base
            ENV GREETING=hi
            LABEL who=base
            FROM base
            COPY --from=tools /tool /opt/
            CMD ["sh", "-c", "echo $GREETING; cat /opt/tool"]
            """);

        ground.Build(context, "-t", "stages");

        Assert.Equal("hi\ntool\n", ground.Tare.Succeed("run", "--rm", "--network", "none", "stages"));
        Assert.Equal("base\n", ground.Tare.Succeed("inspect", "-f", "{{.Config.Labels.who}}", "stages"));
    }

    [Fact]
    public void A_failed_step_shows_its_output_and_its_line()
    {
        string context = ground.Context("FROM busybox\nRUN echo before\nRUN echo why >&2; exit 3\n");

        Outcome outcome = ground.Tare.Run("build", context);

        Assert.Equal(1, outcome.ExitCode);
        Assert.Contains(" ERROR: process \"/bin/sh -c echo why >&2; exit 3\" did not complete successfully: exit code: 3", outcome.Error, StringComparison.Ordinal);
        Assert.Contains(" > [3/3] RUN echo why >&2; exit 3:\nwhy\n------\nDockerfile:3\n", outcome.Error, StringComparison.Ordinal);
        Assert.Contains("   3 | >>> RUN echo why", outcome.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("COPY missing /", "\"/missing\": not found")]
    [InlineData("COPY --from=nobody / /", "nobody")]
    [InlineData("COPY --from=127.0.0.1:1/nobody / /", "127.0.0.1:1/nobody")]
    [InlineData("FROM busybox AS Tools\nFROM busybox AS other\nCOPY --from=Tolls / /", "did you mean tools?", 4)]
    [InlineData("FROM 127.0.0.1:1/nobody", "127.0.0.1:1/nobody")]
    [InlineData("ENV A=\"${NEEDED:?is not given}\"", "NEEDED: is not given")]
    [InlineData("FROM $NEEDED", "--build-arg NEEDED=")]
    [InlineData("RUN --mount=from=nobody,target=/m true", "nobody")]
    [InlineData("RUN --mount=type=bind,source=missing,target=/m true", "\"/missing\": not found")]
    [InlineData("RUN --mount=type=ssh,required true", "ssh")]
    [InlineData("WORKDIR /etc/passwd", "/etc/passwd")]
    [InlineData("COPY Dockerfile /etc/passwd/below", "/etc/passwd")]
    [InlineData("RUN [\"/no/such/program\"]", "/no/such/program")]
    [InlineData("RUN --mount=type=secret,id=s,required=true true", "secret s: not found")]
    [InlineData("COPY --chown=nobody-at-all Dockerfile /", "unable to find user nobody-at-all")]
    [InlineData("RUN --network=host true", "network.host is not allowed")]
    [InlineData("USER stranger\nRUN true", "unable to find user stranger", 3)]
    public void What_is_not_there_is_named_at_its_line(string instruction, string message, int line = 2)
    {
        Outcome outcome = ground.Tare.Run("build", "--network", "none", ground.Context($"FROM busybox\n{instruction}\n"));

        Assert.Equal(1, outcome.ExitCode);
        Assert.Contains(message, outcome.Error, StringComparison.Ordinal);
        Assert.Contains($"Dockerfile:{line}", outcome.Error, StringComparison.Ordinal);
        Assert.Contains(instruction.Split('\n')[line - 2], outcome.Error, StringComparison.Ordinal);
        Assert.Single(outcome.Error.Split('\n'), static text => text.StartsWith("tare: ", StringComparison.Ordinal));
        Assert.DoesNotContain("internal error", outcome.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void An_error_of_a_Dockerfile_shows_its_line_and_what_is_meant()
    {
        Outcome outcome = ground.Tare.Run("build", ground.Context("FROM busybox\nCOPPY a\tb\u001b /\n"));

        Assert.Equal(1, outcome.ExitCode);
        Assert.Equal(
            "tare: Dockerfile:2: unknown instruction: COPPY\n  2 | COPPY a\tb\uFFFD /\n    | ^^^^^\nhint: did you mean COPY?\n", outcome.Error);
    }

    [Fact]
    public void A_step_leaves_no_trace_of_what_was_mounted_for_it()
    {
        string context = ground.Context(
            """
            FROM busybox
            RUN --mount=type=tmpfs,target=/scratch/deep --mount=type=bind,source=Dockerfile,target=/seen/file cat /seen/file > /dev/null
            """);
        ground.Build(context, "-t", "traces", "--network", "none");

        string list = ground.Shell("traces", "ls -d /scratch /seen 2>/dev/null || echo none");

        Assert.Equal("none\n", list);
    }

    [Fact]
    public void Results_go_where_they_are_sent()
    {
        string context = ground.Context("FROM scratch\nCOPY a /x/a\n", ("a", "1"));
        string folder = Path.Combine(ground.Tare.Folder, "result"), tar = folder + ".tar", oci = folder + ".oci", id = folder + ".id";

        ground.Build(context, "-o", folder);
        ground.Build(context, "-o", $"type=tar,dest={tar}");
        ground.Build(context, "-t", "sent:1", "-o", $"type=oci,dest={oci}", "--iidfile", id);

        Assert.Equal("1", File.ReadAllText(Path.Combine(folder, "x", "a")));
        Assert.True(new FileInfo(tar).Length >= 1024);
        ground.Tare.Succeed("load", "-i", oci);
        Assert.StartsWith("sha256:", File.ReadAllText(id), StringComparison.Ordinal);
    }
}
