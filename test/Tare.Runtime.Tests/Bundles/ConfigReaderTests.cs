// SPDX-License-Identifier: Apache-2.0
using System.Text;
using Tare.Oci;
using Tare.Oci.Runtime;
using Tare.Runtime.Bundles;

namespace Tare.Runtime.Tests.Bundles;

public class ConfigReaderTests
{
    private const int Seeds = 3000;

    /// <summary>Values that some member or other does not want.</summary>
    internal static readonly string[] Values =
    [
        "null", "true", "0", "-1", "1", "4294967295", "18446744073709551615", "1e999", "0.5", "\"\"", "\"/\"", "\"\\u0000\"",
        "[]", "[null]", "[[]]", "{}", "{\"\":null}", "\"-\"", "\",\"", "\"2147483648-9\"", "[\"\"]", "{\"\":\"\"}",
    ];

    public static TheoryData<string, string> WrongTypes()
    {
        var data = new TheoryData<string, string>();
        foreach ((string path, string type) in FullConfig.Members())
        {
            foreach (string wrong in WrongFor(type))
            {
                data.Add(FirstOf(path), wrong);
            }
        }

        return data;
    }

    [Fact]
    public void A_config_with_everything_is_read_and_passes()
    {
        Assert.Empty(FullConfig.Check(FullConfig.Text));
        Assert.Equal(NamespaceType.Time, FullConfig.Read(FullConfig.Text).Linux!.Namespaces![7].Type);
    }

    [Fact]
    public void A_config_with_everything_misses_no_member_of_the_schema() => Assert.All(
        FullConfig.Members(), member => FullConfig.With(FirstOf(member.Path), "5"));

    [Theory]
    [MemberData(nameof(WrongTypes))]
    public void A_wrong_type_is_told_with_the_path(string path, string wrong)
    {
        TareException e = Assert.Throws<TareException>(() => FullConfig.Check(FullConfig.With(path, wrong)));

        Assert.Equal(ErrorKind.InvalidArgument, e.Kind);
        Assert.StartsWith($"{path}: ", e.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("", "not well-formed JSON (line 1, byte 1)")]
    [InlineData("null", "null is no value for it (line 1, byte 1)")]
    [InlineData("[]", "want an object, is a list (line 1, byte 1)")]
    [InlineData("{}", "ociVersion: missing (line 1, byte 2)")]
    [InlineData("{\"ociVersion\":\"1.3.0\"} x", "not well-formed JSON (line 1, byte 24)")]
    [InlineData("{\"ociVersion\":\"1.3.0\",}", "not well-formed JSON (line 1, byte 23)")]
    [InlineData("{\"ociVersion\":\"1.3.0\",\n\"process\":{\"cwd\":\"/\",\"args\":[\"a\",\n  5]}}", "process.args[1]: want a text, is 5 (line 3, byte 3)")]
    [InlineData("{\"ociVersion\":\"1.3.0\",\"ociVersion\":\"1.3.0\"}", "ociVersion: is there twice (line 1, byte 23)")]
    [InlineData("{\"ociVersion\":\"1.3.0\",\"OCIVersion\":\"1.3.0\"}", "OCIVersion: is there twice (line 1, byte 23)")]
    [InlineData("{\"ociVersion\":\"1.3.0\",\"Linux\":{}}", "Linux: must be spelt linux (line 1, byte 23)")]
    [InlineData("{\"ociVersion\":\"1.3.0\",\"annotations\":{\"a\":\"\",\"a\":\"\"}}", "annotations.a: is there twice (line 1, byte 45)")]
    [InlineData("{\"ociVersion\":\"1.3.0\",\"linux\":{\"namespaces\":[{\"type\":\"pid\"},null]}}", "linux.namespaces[1]: null is no value for it (line 1, byte 61)")]
    [InlineData("{\"ociVersion\":\"1.3.0\",\"linux\":{\"namespaces\":[{\"type\":\"foo\"}]}}", "linux.namespaces[0].type: unknown namespace \"foo\" (line 1, byte 54)")]
    [InlineData("{\"ociVersion\":\"1.3.0\",\"linux\":{\"namespaces\":[{\"type\":\"PID\"}]}}", "linux.namespaces[0].type: unknown namespace \"PID\" (line 1, byte 54)")]
    [InlineData("{\"ociVersion\":\"1.3.0\",\"linux\":{\"namespaces\":[{}]}}", "linux.namespaces[0].type: missing (line 1, byte 47)")]
    [InlineData("{\"ociVersion\":\"1.3.0\",\"hostname\":\"a\\u0000b\"}", "hostname: holds a NUL (line 1, byte 34)")]
    [InlineData("{\"ociVersion\":\"1.3.0\",\"hostname\":\"\\ud800\"}", "hostname: holds half of a surrogate pair (line 1, byte 34)")]
    public void What_is_wrong_is_told_with_its_place(string text, string message) =>
        Assert.Equal(message, Assert.Throws<TareException>(() => FullConfig.Read(text)).Message);

    [Fact]
    public void A_text_that_is_not_unicode_is_refused()
    {
        byte[] bytes = Encoding.Latin1.GetBytes("{\"ociVersion\":\"\xff\"}");

        Assert.Contains("not UTF-8", Assert.Throws<TareException>(() => ConfigReader.ReadSpec(bytes)).Message);
    }

    [Fact]
    public void Nesting_has_a_bound()
    {
        string deep = $"{{\"x\":{new string('[', 100)}{new string(']', 100)}}}";

        Assert.Contains("nested deeper than 64", Assert.Throws<TareException>(() => FullConfig.Read(deep)).Message);
    }

    [Fact]
    public void Size_has_a_bound() => Assert.Contains(
        "more than", Assert.Throws<TareException>(() => ConfigReader.ReadSpec(new byte[ConfigReader.MaxBytes + 1])).Message);

    [Fact]
    public void Whatever_stands_in_a_config_nothing_but_our_own_exception_comes_of_it()
    {
        byte[] text = Encoding.UTF8.GetBytes(FullConfig.Text);
        for (int seed = 0; seed < Seeds; seed++)
        {
            byte[] mutated = Mutate(text, new Random(seed));
            try
            {
                SpecCheck.Check(SpecForm.Of(ConfigReader.ReadSpec(mutated)));
            }
            catch (TareException)
            {
            }
            catch (Exception e)
            {
                Assert.Fail($"seed {seed}: {e}");
            }
        }
    }

    [Fact]
    public void Whatever_value_a_member_has_nothing_but_our_own_exception_comes_of_it()
    {
        foreach ((string path, _) in FullConfig.Members())
        {
            foreach (string value in Values)
            {
                try
                {
                    FullConfig.Check(FullConfig.With(FirstOf(path), value));
                }
                catch (TareException)
                {
                }
            }
        }
    }

    /// <summary>The member itself of the first entry: <c>mounts[0].options[0]</c>.</summary>
    internal static string FirstOf(string path) => path
        .Replace("[]", "[0]", StringComparison.Ordinal)
        .Replace("annotations{}", "annotations.word", StringComparison.Ordinal)
        .Replace("netDevices{}", "netDevices.eth1", StringComparison.Ordinal)
        .Replace("rdma{}", "rdma.mlx5_1", StringComparison.Ordinal)
        .Replace("{}", ".word", StringComparison.Ordinal);

    private static IEnumerable<string> WrongFor(string type) => type.Split(' ') switch
    {
        ["string"] => ["5", "[]"],
        ["boolean"] => ["\"true\"", "1"],
        ["array"] => ["{}", "\"a\""],
        ["object"] => ["[]", "\"a\""],
        ["enum", ..] => ["5", "\"nonsense\""],
        ["integer"] => ["\"5\"", "0.5"],
        ["integer", "1"] => ["\"5\"", "0"],

        // the schema allows 0777; bits of set-id and of the kind of file are taken
        ["integer", "0", "511"] => ["\"5\"", "-1", "65536"],
        ["integer", var min, var max] => ["\"5\"", "1.5", Beyond(min, -1), Beyond(max, 1)],
        _ => throw new ArgumentException(type),
    };

    private static string Beyond(string bound, int step) => (System.Numerics.BigInteger.Parse(bound, null) + step).ToString();

    internal static byte[] Mutate(byte[] text, Random random)
    {
        List<byte> bytes = [.. text];
        for (int i = random.Next(1, 4); i > 0; i--)
        {
            int at = random.Next(bytes.Count);
            int length = Math.Min(random.Next(1, 30), bytes.Count - at);
            switch (random.Next(4))
            {
                case 0:
                    bytes[at] = (byte)random.Next(256);
                    break;
                case 1:
                    bytes.RemoveRange(at, length);
                    break;
                case 2:
                    bytes.InsertRange(at, bytes.GetRange(random.Next(bytes.Count - 30), 30));
                    break;
                default:
                    bytes[at] = (byte)"0123456789\"{}[]:,-.nt"[random.Next(21)];
                    break;
            }
        }

        return [.. bytes];
    }
}
