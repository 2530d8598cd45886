// SPDX-License-Identifier: Apache-2.0
using Tare.Cli.Arguments;
using Tare.Cli.Help;

namespace Tare.Cli.Tests.Help;

public class CompleterTests
{
    [Theory]
    [InlineData("ru", "run")]
    [InlineData("image l", "load ls")]
    [InlineData("-D ru", "run")]
    [InlineData("--root /x ru", "run")]
    [InlineData("--config /etc/x ru", "run")]
    [InlineData("--config /e", ":files")]
    [InlineData("--conf", "--config")]
    [InlineData("run bu", "busybox:latest")]
    [InlineData("run -it --name x bu", "busybox:latest")]
    [InlineData("run --entr", "--entrypoint")]
    [InlineData("run busybox l", ":files")]
    [InlineData("run -v /", ":files")]
    [InlineData("nonsense x", "")]
    public void The_next_word_is_offered(string line, string offered)
    {
        var completer =
            new Completer(what => what == Candidates.Images ? ["busybox:latest", "debian:bookworm-slim"] : []);

        IEnumerable<string> words = completer.Complete(line.Split(' ')).Select(answer => answer.Split('\t')[0]);

        Assert.Equal(offered, string.Join(' ', words.Order(StringComparer.Ordinal)));
    }
}
