// SPDX-License-Identifier: Apache-2.0
using Tare.Images.Import;
using Tare.Oci;

namespace Tare.Images.Tests.Import;

public sealed class ImageChangesTests
{
    [Fact]
    public void Instructions_make_a_config()
    {
        RunConfig config = ImageChanges.Apply(
        [
            "CMD [\"a\", \"b c\"]", "entrypoint run it", "ENV A=1 B=\"two words\" C=x\\ y", "ENV A=2", "ENV OLD the old form",
            "EXPOSE 80 53/udp 7000-7002", "LABEL a=b \"c d\"='e f'", "USER 1000:1000", "VOLUME /a /b", "VOLUME [\"/c d\"]",
            "WORKDIR /x", "WORKDIR y/../z", "STOPSIGNAL SIGINT", "ONBUILD RUN x", "HEALTHCHECK --interval=1m30s --retries=3 CMD test x",
        ]);

        Assert.Equal(["a", "b c"], config.Cmd);
        Assert.Equal(["/bin/sh", "-c", "run it"], config.Entrypoint);
        Assert.Equal(["A=2", "B=two words", "C=x y", "OLD=the old form"], config.Env);
        Assert.Equal(["53/udp", "7000/tcp", "7001/tcp", "7002/tcp", "80/tcp"], config.ExposedPorts);
        Assert.Equal("e f", config.Labels!["c d"]);
        Assert.Equal("1000:1000", config.User);
        Assert.Equal(["/a", "/b", "/c d"], config.Volumes);
        Assert.Equal("/x/z", config.WorkingDir);
        Assert.Equal("SIGINT", config.StopSignal);
        Assert.Equal(["RUN x"], config.OnBuild);
        Assert.Equal(["CMD-SHELL", "test x"], config.Healthcheck!.Test);
        Assert.Equal(90_000_000_000, config.Healthcheck.Interval);
        Assert.Equal(3, config.Healthcheck.Retries);
    }

    [Fact]
    public void They_change_a_config_that_is_there()
    {
        RunConfig before = new() { Env = ["A=1"], Cmd = ["old"], Labels = new Dictionary<string, string> { ["k"] = "v" } };

        RunConfig config = ImageChanges.Apply(["ENV B=$A-${A} C='$A' D=\\$A E=$GONE", "LABEL k2=$A"], before);

        Assert.Equal(["A=1", "B=1-1", "C=$A", "D=$A", "E="], config.Env);
        Assert.Equal(("v", "1"), (config.Labels!["k"], config.Labels["k2"]));
        Assert.Equal(["old"], config.Cmd);
    }

    [Fact]
    public void A_new_entrypoint_takes_the_old_command_away_but_not_a_new_one()
    {
        RunConfig before = new() { Cmd = ["old"] };

        Assert.Null(ImageChanges.Apply(["ENTRYPOINT [\"e\"]"], before).Cmd);
        Assert.Equal(["new"], ImageChanges.Apply(["CMD [\"new\"]", "ENTRYPOINT [\"e\"]"], before).Cmd);
    }

    [Theory]
    [InlineData("RUN x")]
    [InlineData("CMD")]
    [InlineData("ENV A")]
    [InlineData("ENV A=1 B")]
    [InlineData("EXPOSE 0")]
    [InlineData("EXPOSE 65536")]
    [InlineData("EXPOSE 1/icmp")]
    [InlineData("EXPOSE 9-3")]
    [InlineData("HEALTHCHECK CMD")]
    [InlineData("HEALTHCHECK --interval=5 CMD x")]
    [InlineData("HEALTHCHECK --what=5s CMD x")]
    [InlineData("SHELL bash")]
    [InlineData("")]
    public void What_is_no_change_is_refused_and_named(string change)
    {
        TareException e = Assert.Throws<TareException>(() => ImageChanges.Apply([change]));

        Assert.Equal(ErrorKind.InvalidArgument, e.Kind);
        Assert.StartsWith("change ", e.Message, StringComparison.Ordinal);
    }
}
