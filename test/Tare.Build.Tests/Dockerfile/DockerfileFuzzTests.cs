// SPDX-License-Identifier: Apache-2.0
using System.Diagnostics;
using System.Text;
using Tare.Build.Dockerfile;
using Tare.Oci;

namespace Tare.Build.Tests.Dockerfile;

/// <summary>Mutations of the corpus: nothing but a <see cref="TareException"/> may come out, and soon.</summary>
public sealed class DockerfileFuzzTests
{
    private const int Seed = 20261127;
    private const int Rounds = 60;
    private static readonly TimeSpan PerCase = TimeSpan.FromSeconds(5);

    private static readonly string[] Pieces =
    [
        "FROM ", "\nRUN ", "<<EOF", "<<-'X'", "\nEOF\n", "\\\n", "\\", "`", "\"", "'", "$", "${", "}", "${a:-", "${a//", "--from=",
        "--mount=type=", ",from=", "--", "[\"", "\"]", "\n", "\r\n", "\t", "\0", "\uFEFF", "# escape=`\n", "# check=skip=all\n",
        "ONBUILD ", "ENV A=$A$A$A$A\n", "ARG A\n", "COPY --parents ", "/./", "**", "[a-", "!", ":", "/", "..", "0", "-1", "99999999999",
        "HEALTHCHECK --interval=", "EXPOSE 1-65535\n", " AS ", "scratch", "\u00A0", "😀",
    ];

    public static TheoryData<string> Cases => new(CorpusFile.Names);

    [Theory]
    [MemberData(nameof(Cases))]
    public void Random_changes_of_a_file_end_in_a_graph_or_an_error(string name)
    {
        Random random = new(Seed + name.Sum(static c => c));
        byte[] original = CorpusFile.Bytes(name);
        for (int round = 0; round < Rounds; round++)
        {
            byte[] mutated = Mutated(original, random);
            long start = Stopwatch.GetTimestamp();

            Exception? error = Record.Exception(() =>
                CorpusFile.Lower(DockerfileParser.Parse("Dockerfile", mutated), CorpusFile.Request));

            Assert.True(error is null or TareException, $"round {round}: {error}\n{Encoding.UTF8.GetString(mutated)}");
            Assert.True(Stopwatch.GetElapsedTime(start) < PerCase, $"round {round} took too long:\n{Encoding.UTF8.GetString(mutated)}");
        }
    }

    [Fact]
    public void Random_bytes_end_in_an_error()
    {
        Random random = new(Seed);
        for (int round = 0; round < 500; round++)
        {
            byte[] noise = new byte[random.Next(1, 2000)];
            random.NextBytes(noise);

            Assert.IsAssignableFrom<TareException>(Record.Exception(() => DockerfileParser.Parse("Dockerfile", noise)));
        }
    }

    /// <summary>One construct as often as a file may hold it: work that grows with the square of it would take minutes.</summary>
    [Theory]
    [InlineData("RUN true\n", 100_000)]
    [InlineData("RUN a \\\n", 100_000)]
    [InlineData("RUN a \\\n# comment\n", 100_000)]
    [InlineData("RUN <<E\nE\n", 100_000)]
    [InlineData("RUN cat <<E\n$x\n", 100_000)]
    [InlineData("ENV A@=@\n", 100_000)]
    [InlineData("ENV A@=@\nRUN $A@\n", 60_000)]
    [InlineData("ENV A=$A$A\n", 100_000)]
    [InlineData("ARG A@=$A\n", 100_000)]
    [InlineData("LABEL a@=b\n", 100_000)]
    [InlineData("FROM base AS s@\n", 60_000)]
    [InlineData("FROM base AS s@\nCOPY --from=0 / /\n", 40_000)]
    [InlineData("EXPOSE 1-65535\n", 100_000)]
    [InlineData("VOLUME /v@\n", 100_000)]
    [InlineData("ONBUILD RUN true\n", 100_000)]
    [InlineData("WORKDIR a\n", 100_000)]
    [InlineData("COPY --exclude=@ a b\n", 60_000)]
    [InlineData("# check=skip=all\n", 100_000)]
    [InlineData("\n", 1_000_000)]
    public void A_file_full_of_one_thing_is_read_in_time(string piece, int times)
    {
        var text = new StringBuilder("FROM base\n");
        for (int i = 0; i < times; i++)
        {
            text.Append(piece.Replace("@", i.ToString(System.Globalization.CultureInfo.InvariantCulture), StringComparison.Ordinal));
        }

        AssertSoon(text.ToString());
    }

    [Theory]
    [InlineData("ENV A=", "${a:-", 12_000)]
    [InlineData("ENV A=", "$a", 30_000)]
    [InlineData("ENV A=${a", "%*", 30_000)]
    [InlineData("ENV A=", "\"'", 30_000)]
    [InlineData("RUN ", "<<E ", 15_000)]
    [InlineData("RUN ", "--mount=type=tmpfs,target=/a ", 2_000)]
    [InlineData("COPY ", "a ", 30_000)]
    [InlineData("COPY --parents ", "**/", 20_000)]
    [InlineData("EXPOSE ", "1-65535 ", 8_000)]
    [InlineData("CMD [\"", "\",\"", 20_000)]
    [InlineData("LABEL ", "a=b ", 15_000)]
    [InlineData("FROM ", "a/", 30_000)]
    [InlineData("HEALTHCHECK ", "--interval=1s ", 4_000)]
    public void A_line_full_of_one_thing_is_read_in_time(string start, string piece, int times) =>
        AssertSoon($"FROM base\n{start}{string.Concat(Enumerable.Repeat(piece, times))}\n");

    private static void AssertSoon(string text)
    {
        long start = Stopwatch.GetTimestamp();

        Exception? error = Record.Exception(() =>
            CorpusFile.Lower(DockerfileParser.Parse("Dockerfile", Encoding.UTF8.GetBytes(text)), CorpusFile.Request));

        TimeSpan time = Stopwatch.GetElapsedTime(start);
        Assert.True(error is null or TareException, $"{error}");
        Assert.True(time < 4 * PerCase, $"it took {time}");
    }

    private static byte[] Mutated(byte[] original, Random random)
    {
        List<byte> bytes = [.. original];
        for (int i = random.Next(1, 8); i > 0; i--)
        {
            int at = random.Next(bytes.Count + 1);
            int length = Math.Min(random.Next(1, 40), bytes.Count - at);
            switch (random.Next(5))
            {
                case 0:
                    bytes.InsertRange(at, Encoding.UTF8.GetBytes(Pieces[random.Next(Pieces.Length)]));
                    break;
                case 1:
                    bytes.RemoveRange(at, length);
                    break;
                case 2:
                    bytes.InsertRange(random.Next(bytes.Count + 1), bytes.GetRange(at, length));
                    break;
                case 3 when at < bytes.Count:
                    bytes[at] = (byte)random.Next(256);
                    break;
                case 4 when bytes.Count > 0:
                    bytes.RemoveRange(at, bytes.Count - at);
                    break;
            }
        }

        return [.. bytes];
    }
}
