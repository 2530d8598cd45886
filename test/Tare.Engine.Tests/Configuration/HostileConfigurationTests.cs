// SPDX-License-Identifier: Apache-2.0
using System.Diagnostics;
using System.Text;
using Tare.Engine.Configuration;
using Tare.Oci;

namespace Tare.Engine.Tests.Configuration;

public sealed class HostileConfigurationTests
{
    private const int Megabyte = 1 << 20;
    private static readonly byte[] Example = Encoding.UTF8.GetBytes(ConfigurationPageTests.Example());

    [Theory]
    [InlineData('[')]
    [InlineData('{')]
    public void Depth_is_refused_where_it_begins(char bracket)
    {
        string depth = new(bracket, Megabyte - 100);

        Assert.Contains(bracket == '[' ? "column 1: want an object" : "column 2: unexpected \"{\"", Message(depth), StringComparison.Ordinal);
        Assert.Contains(bracket == '[' ? "log-opts: want an object" : "column 15: unexpected \"{\"", Message("{\"log-opts\": " + depth), StringComparison.Ordinal);
        Assert.Contains("want a list", Message("{\"registry-mirrors\": {" + depth), StringComparison.Ordinal);
        Assert.Contains("want true or false", Message("{\"init\": " + depth), StringComparison.Ordinal);
        Assert.Contains("registry-mirrors[0]: want a text", Message("{\"registry-mirrors\": [" + depth), StringComparison.Ordinal);
    }

    [Fact]
    public void A_megabyte_of_entries_ends_at_the_bound()
    {
        string hosts = string.Join(',', Enumerable.Range(0, 60_000).Select(each => $"\"host{each}\""));
        string named = string.Join(',', Enumerable.Range(0, 60_000).Select(each => $"\"host{each}\": []"));

        long start = Stopwatch.GetTimestamp();
        Assert.EndsWith("insecure-registries[1000]: more than 1000 entries", Message($"{{\"insecure-registries\": [{hosts}]}}"), StringComparison.Ordinal);
        Assert.EndsWith("mirrors: more than 1000 entries", Message($"{{\"mirrors\": {{{named}}}}}"), StringComparison.Ordinal);
        Assert.True(Stopwatch.GetElapsedTime(start) < TimeSpan.FromSeconds(5));
    }

    [Fact]
    public void A_thousand_entries_are_no_more_than_a_thousand()
    {
        string hosts = string.Join(',', Enumerable.Range(0, 1000).Select(each => $"\"host{each}\""));

        Assert.Equal(1002, ConfigurationReader.Read(Encoding.UTF8.GetBytes($"{{\"insecure-registries\": [{hosts}]}}"), "test").InsecureRegistries.Count);
    }

    [Fact]
    public void Long_texts_do_not_make_long_messages()
    {
        string text = new('x', Megabyte / 2);

        Assert.All(
            [$"{{\"{text}\": 1}}", $"{{\"mirrors\": {{\"{text}\": []}}}}", $"{{\"ports-mode\": \"{text}\"}}", $"{{\"insecure-registries\": [\"{text}://\"]}}"],
            each => Assert.InRange(Message(each).Length, 1, 500));
        Assert.InRange(Message($"{{\"default-shm-size\": \"{new string('9', Megabyte / 2)}\"}}").Length, 1, 500);
        Assert.InRange(Message($"{{\"default-shm-size\": {new string('9', Megabyte / 2)}}}").Length, 1, 500);
        Assert.InRange(Message($"{{\"data-root\": \"/{text}\"}}").Length, 1, 500);
    }

    [Fact]
    public void Every_beginning_of_a_file_is_refused_with_a_message()
    {
        int end = Example.AsSpan().LastIndexOf((byte)'}');
        for (int length = Example.AsSpan().IndexOf((byte)'{') + 1; length <= end; length++)
        {
            TareException refused = ConfigurationErrorTests.Refused(Example[..length]);

            Assert.Equal(ErrorKind.InvalidArgument, refused.Kind);
        }
    }

    /// <summary>Whatever the bytes are, the answer is a configuration or one kind of error.</summary>
    [Fact]
    public void Changed_bytes_are_read_or_refused()
    {
        var random = new Random(20);
        int refused = 0;
        for (int round = 0; round < 20_000; round++)
        {
            byte[] bytes = [.. Example];
            for (int change = random.Next(1, 4); change > 0; change--)
            {
                bytes[random.Next(bytes.Length)] = random.Next(3) == 0 ? (byte)random.Next(256) : Example[random.Next(Example.Length)];
            }

            try
            {
                ConfigurationReader.Read(bytes, "test");
            }
            catch (TareException failure) when (failure.Kind == ErrorKind.InvalidArgument)
            {
                Assert.StartsWith("config test: line ", failure.Message, StringComparison.Ordinal);
                refused++;
            }
        }

        Assert.InRange(refused, 1000, 19_999);
    }

    private static string Message(string text) => ConfigurationErrorTests.Refused(Encoding.UTF8.GetBytes(text)).Message;
}
