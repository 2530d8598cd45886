// SPDX-License-Identifier: Apache-2.0
using System.Text;
using System.Text.Json;

namespace Tare.Conformance.Build;

/// <summary>What a RUN sees of other stages, and what programs are told of doubts.</summary>
[Trait("ring", "kernel")]
public sealed class BuildMountTests(BuildGround ground) : IClassFixture<BuildGround>
{
    [Fact]
    public void Another_stage_is_shown_where_it_is_and_what_is_written_there_is_lost()
    {
        string context = ground.Context(
            """
            FROM busybox AS made
            RUN mkdir -p /out/sub /etc/more && echo whole > /out/sub/f && chown -R 7:8 /out && chmod 700 /out
            FROM busybox
            RUN --mount=type=bind,from=made,source=/out,target=/in \
                grep ' /in ' /proc/self/mountinfo > /mounted && cat /in/sub/f > /read && stat -c '%u:%g %a' /in > /owner \
                && ! touch /in/new 2> /refused && ! chmod 777 /in 2>> /refused && cat /proc/self/uid_map > /ids
            RUN --mount=from=made,target=/whole ls /whole/etc/more /whole/etc/passwd && test -e /whole/out/sub/f && ! touch /whole/x
            RUN --mount=type=bind,from=made,target=/whole,rw --mount=type=tmpfs,target=/whole/out/sub rm /whole/etc/passwd && test -z "$(ls /whole/out/sub)" && echo x > /whole/y
            RUN --mount=from=made,target=/whole test -e /whole/etc/passwd -a ! -e /whole/y
            RUN --mount=type=bind,from=made,source=/out,target=/in,rw echo lost > /in/lost && chmod 711 /in
            RUN --mount=type=bind,from=made,source=/out/sub/f,target=/one grep whole /one && ! echo more >> /one
            RUN --mount=type=bind,from=made,source=/out,target=/in ! ls /in/lost && test $(stat -c %a /in) = 700
            """);

        ground.Build(context, "--network", "none", "-t", "mounted:1");

        Assert.Contains(" - overlay ", ground.Shell("mounted:1", "cat /mounted"), StringComparison.Ordinal);
        Assert.Equal("whole\n7:8 700\n", ground.Shell("mounted:1", "cat /read /owner"));
        Assert.Equal("2", ground.Shell("mounted:1", "grep -c Read-only /refused").Trim());
        Assert.DoesNotContain("4294967295", ground.Shell("mounted:1", "cat /ids"), StringComparison.Ordinal);
        Assert.Equal("clean", ground.Tare.Succeed("system", "check")[..5]);
        Assert.Empty(ground.Shell("mounted:1", "ls -d /in /one /whole 2>/dev/null || true"));
    }

    [Fact]
    public void Doubts_are_told_to_programs_and_in_plain_progress()
    {
        string context = ground.Context("FROM busybox\nENV A 1\n");

        string plain = ground.Build(context), raw = ground.Build(context, "--progress", "rawjson");
        Outcome check = ground.Tare.Run("build", "--call", "check,format=json", context);

        Assert.Contains("[internal] load build definition from Dockerfile\n#1 WARN: LegacyKeyValueFormat: ", plain, StringComparison.Ordinal);
        JsonElement warning = raw.Split('\n').Where(static line => line.StartsWith("{\"warnings\"", StringComparison.Ordinal))
            .Select(static line => JsonDocument.Parse(line).RootElement.GetProperty("warnings")[0])
            .Single(static one => one.GetProperty("url").GetString()!.EndsWith("/legacy-key-value-format/", StringComparison.Ordinal));
        Assert.EndsWith("(line 2)", Encoding.UTF8.GetString(warning.GetProperty("short").GetBytesFromBase64()), StringComparison.Ordinal);
        Assert.Equal(1, check.ExitCode);
        Assert.Contains(
            "LegacyKeyValueFormat",
            JsonDocument.Parse(check.Text).RootElement.GetProperty("warnings").EnumerateArray().Select(static one => one.GetProperty("ruleName").GetString()));
    }
}
