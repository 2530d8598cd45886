// SPDX-License-Identifier: Apache-2.0
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Tare.Oci;
using Tare.Oci.Runtime;
using Tare.Oci.Runtime.Reading;
using Tare.Runtime.Bundles;

namespace Tare.Runtime.Tests.Bundles;

/// <summary>Whatever the fast reader answers, the careful one answers too; and it answers for what the engines write.</summary>
public class FastReadTests
{
    private const int Seeds = 3000;

    /// <summary>Members at the end of the config with everything that no reader looks at.</summary>
    private const int InsideOfVm = 2;

    private static string Full { get; } = FullConfig.Known(FullConfig.Text);

    /// <summary>What engines write, and every config that our own plans are tested with, but for two: no engine writes
    /// null.</summary>
    public static TheoryData<string> Ordinary() => new(
        Directory.EnumerateFiles(FullConfig.Data("engines"), "*.json")
            .Concat(Directory.EnumerateFiles(FullConfig.Data("plan"), "config.json", SearchOption.AllDirectories))
            .Concat(Directory.EnumerateFiles(FullConfig.Data("spec"), "*.json"))
            .Where(file => !File.ReadAllText(file).Contains("Paths\": null", StringComparison.Ordinal))
            .Order(StringComparer.Ordinal)
            .Select(file => Path.GetRelativePath(FullConfig.Data(""), file)));

    [Theory]
    [MemberData(nameof(Ordinary))]
    public void What_engines_write_is_read_fast(string file)
    {
        byte[] bytes = File.ReadAllBytes(Path.Combine(FullConfig.Data(""), file));

        Assert.True(Agree(bytes));
        AssertPartsAreReadFast(bytes);
    }

    [Fact]
    public void Our_own_default_configs_are_read_fast() => Assert.All(
        [DefaultSpec.Create(), DefaultSpec.CreateRootless(1000, 1000)],
        spec =>
        {
            Assert.True(Agree(JsonSerializer.SerializeToUtf8Bytes(spec, RuntimeJson.Indented.Spec)));
            Assert.True(Agree(JsonSerializer.SerializeToUtf8Bytes(spec, RuntimeJson.Default.Spec)));
        });

    [Fact]
    public void A_config_with_everything_is_read_fast()
    {
        Assert.True(Agree(Full));
        AssertPartsAreReadFast(Encoding.UTF8.GetBytes(Full));
    }

    [Fact]
    public void The_config_with_everything_has_every_member_of_every_type()
    {
        var names = new HashSet<string>(StringComparer.Ordinal);
        Gather(typeof(Spec), [], names);

        Assert.Contains("throttleWriteIOPSDevice", names);
        Assert.All(names, name => Assert.Contains($"\"{name}\":", Full, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("SCMP_ACT_ALLOW", nameof(SeccompAction))]
    [InlineData("SCMP_CMP_EQ", nameof(SeccompOperator))]
    [InlineData("mount", nameof(NamespaceType))]
    public void Every_word_of_a_closed_set_is_read_fast(string known, string type)
    {
        (string path, IEnumerable<string> words) = type switch
        {
            nameof(SeccompAction) => ("linux.seccomp.syscalls[0].action", Words(RuntimeJson.Default.SeccompAction)),
            nameof(SeccompOperator) =>
                ("linux.seccomp.syscalls[0].args[0].op", Words(RuntimeJson.Default.SeccompOperator)),
            _ => ("linux.namespaces[0].type", Words(RuntimeJson.Default.NamespaceType)),
        };

        Assert.Contains($"\"{known}\"", words);
        Assert.All(words, word => Assert.True(Agree(FullConfig.Known(FullConfig.With(path, word)))));
    }

    [Theory]
    [MemberData(nameof(ConfigReaderTests.WrongTypes), MemberType = typeof(ConfigReaderTests))]
    public void Of_a_wrong_value_the_readers_agree(string path, string wrong) =>
        Agree(FullConfig.Known(FullConfig.With(path, wrong)));

    [Theory]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("5")]
    [InlineData("{}")]
    [InlineData("{\"ociVersion\":\"1.3.0\"} x")]
    [InlineData("{\"ociVersion\":\"1.3.0\"}{}")]
    [InlineData("{\"ociVersion\":\"1.3.0\",}")]
    [InlineData("{\"ociVersion\":\"1.3.0\"")]
    [InlineData("{\"ociVersion\":\"1.3.0\"}/**/")]
    [InlineData("\ufeff{\"ociVersion\":\"1.3.0\"}")]
    [InlineData("{\"ociVersion\":null}")]
    [InlineData("{\"ociVersion\":\"1.3.0\",\"root\":null}")]
    [InlineData("{\"ociVersion\":\"1.3.0\",\"ociVersion\":\"1.3.0\"}")]
    [InlineData("{\"ociVersion\":\"1.3.0\",\"oci\\u0056ersion\":\"1.3.0\"}")]
    [InlineData("{\"ociVersion\":\"1.3.0\",\"OCIVersion\":\"1.3.0\"}")]
    [InlineData("{\"ociVersion\":\"1.3.0\",\"Linux\":{}}")]
    [InlineData("{\"ociVersion\":\"1.3.0\",\"vm\":1,\"vm\":1}")]
    [InlineData("{\"ociVersion\":\"1.3.0\",\"vm\":1,\"VM\":1}")]
    [InlineData("{\"ociVersion\":\"1.3.0\",\"process\":{\"cwd\":\"/\",\"args\":[\"a\",5]}}")]
    [InlineData("{\"ociVersion\":\"1.3.0\",\"annotations\":{\"a\":\"\",\"a\":\"\"}}")]
    [InlineData("{\"ociVersion\":\"1.3.0\",\"annotations\":{\"a\":\"\",\"\\u0061\":\"\"}}")]
    [InlineData("{\"ociVersion\":\"1.3.0\",\"annotations\":{\"\\u0000\":\"\"}}")]
    [InlineData("{\"ociVersion\":\"1.3.0\",\"annotations\":{\"\\ud800\":\"\"}}")]
    [InlineData("{\"ociVersion\":\"1.3.0\",\"linux\":{\"namespaces\":[null]}}")]
    [InlineData("{\"ociVersion\":\"1.3.0\",\"linux\":{\"namespaces\":[{}]}}")]
    [InlineData("{\"ociVersion\":\"1.3.0\",\"linux\":{\"namespaces\":[{\"type\":\"PID\"}]}}")]
    [InlineData("{\"ociVersion\":\"1.3.0\",\"linux\":{\"namespaces\":[{\"type\":1}]}}")]
    [InlineData("{\"ociVersion\":\"1.3.0\",\"linux\":{\"rdma\":5}}")]
    [InlineData("{\"ociVersion\":\"1.3.0\",\"hostname\":\"a\\u0000b\"}")]
    [InlineData("{\"ociVersion\":\"1.3.0\",\"hostname\":\"\\ud800\"}")]
    [InlineData("{\"ociVersion\":\"1.3.0\",\"\\ud800\":\"\"}")]
    public void What_is_unusual_is_left_to_the_careful_reader(string text) => Assert.False(Agree(text));

    [Theory]
    [InlineData("{\"ociVersion\":\"\"}")]
    [InlineData(" \n{ \"oci\\u0056ersion\" : \"\\ud83d\\ude00\\n\" } \n")]
    [InlineData("{\"ociVersion\":\"1\",\"vm\":null,\"windows\":[{\"a\":1,\"a\":\"\\ud800\"}],\"solaris\":{},\"zos\":{},\"freebsd\":{}}")]
    [InlineData("{\"process\":{\"commandLine\":\"a\",\"user\":{\"username\":{}},\"cwd\":\"\"},\"ociVersion\":\"1\"}")]
    [InlineData("{\"ociVersion\":\"1\",\"linux\":{\"namespaces\":[{\"type\":\"\\u0070id\"}],\"devices\":[],\"sysctl\":{}}}")]
    [InlineData("{\"ociVersion\":\"1\",\"annotations\":{\"a\":\"\",\"A\":\"\",\"\":\"\"},\"linux\":{\"netDevices\":{\"a\":{},\"A\":{}}}}")]
    public void What_is_odd_but_clear_is_read_fast(string text) => Assert.True(Agree(text));

    [Fact]
    public void A_text_that_is_not_unicode_is_left_to_the_careful_reader() =>
        Assert.False(Agree(Encoding.Latin1.GetBytes("{\"ociVersion\":\"\xff\"}")));

    [Theory]
    [InlineData(62, true)]
    [InlineData(63, true)]
    [InlineData(64, false)]
    [InlineData(100, false)]
    public void Nesting_has_the_bound_of_the_careful_reader(int depth, bool isRead) => Assert.Equal(
        isRead,
        Agree($"{{\"ociVersion\":\"1\",\"vm\":{new string('[', depth)}{new string(']', depth)}}}"));

    [Fact]
    public void A_member_that_comes_twice_is_left_to_the_careful_reader() => Assert.All(
        Members(Full).SkipLast(InsideOfVm), member => Assert.False(Agree(Full[..member.Name] + Full[member.Name..member.End] + "," + Full[member.Name..])));

    [Fact]
    public void A_member_that_is_misspelt_null_or_missing_is_read_as_the_careful_reader_does()
    {
        foreach ((int name, int value, int end) in Members(Full))
        {
            Agree(Full[..name] + "\"_" + Full[(name + 1)..]);
            Agree(Full[..name] + Full[name..value].ToUpperInvariant() + Full[value..]);
            Agree($"{Full[..value]}null{Full[end..]}");
            Agree($"{Full[..name]}\"vm\":0{Full[end..]}");
            Agree($"{Full[..name]}\"unknown\":0,{Full[name..]}");
        }
    }

    [Fact]
    public void Whatever_value_a_member_has_the_readers_agree()
    {
        foreach ((string path, _) in FullConfig.Members())
        {
            foreach (string value in ConfigReaderTests.Values)
            {
                Agree(FullConfig.Known(FullConfig.With(ConfigReaderTests.FirstOf(path), value)));
            }
        }
    }

    [Theory]
    [InlineData("full")]
    [InlineData("dockerd")]
    public void Whatever_stands_in_a_config_the_readers_agree(string name)
    {
        string text = name == "full" ? Full : File.ReadAllText(Path.Combine(FullConfig.Data("engines"), "dockerd.json"));
        byte[] bytes = Encoding.UTF8.GetBytes(text);
        int read = 0;
        for (int seed = 0; seed < Seeds; seed++)
        {
            read += Agree(ConfigReaderTests.Mutate(bytes, new Random(seed))) ? 1 : 0;
        }

        Assert.InRange(read, Seeds / 50, Seeds);
    }

    [Fact]
    public void A_config_that_ends_early_is_left_to_the_careful_reader()
    {
        byte[] bytes = Encoding.UTF8.GetBytes(Full.TrimEnd());

        Assert.All(Enumerable.Range(0, bytes.Length), length => Assert.Null(SpecReader.TryRead(bytes.AsSpan(0, length))));
    }

    /// <summary>True when the fast reader answers; the careful one must then give the same.</summary>
    private static bool Agree(string text) => Agree(Encoding.UTF8.GetBytes(text));

    /// <inheritdoc cref="Agree(string)"/>
    private static bool Agree(byte[] bytes) => Agree(bytes, SpecReader.TryRead(bytes), RuntimeJson.Writer.Spec);

    private static bool Agree<T>(byte[] bytes, T? fast, JsonTypeInfo<T> type)
        where T : class
    {
        if (fast is null)
        {
            return false;
        }

        try
        {
            T careful = ConfigReader.Decide(bytes, type);
            Assert.Equal(JsonSerializer.Serialize(careful, type), JsonSerializer.Serialize(fast, type));
        }
        catch (TareException e)
        {
            Assert.Fail($"only the fast reader takes it: {e.Message}: {Encoding.UTF8.GetString(bytes)}");
        }

        return true;
    }

    private static void AssertPartsAreReadFast(byte[] config)
    {
        using JsonDocument document = JsonDocument.Parse(config);
        byte[] process = Encoding.UTF8.GetBytes(document.RootElement.GetProperty("process").GetRawText());
        byte[] resources = document.RootElement.GetProperty("linux").TryGetProperty("resources", out JsonElement there)
            ? Encoding.UTF8.GetBytes(there.GetRawText())
            : [.. "{}"u8];

        Assert.True(Agree(process, ProcessReader.TryRead(process), RuntimeJson.Writer.Process));
        Assert.True(Agree(resources, ResourcesReader.TryRead(resources), RuntimeJson.Writer.Resources));
    }

    private static IEnumerable<string> Words<T>(JsonTypeInfo<T> type)
        where T : struct, Enum => Enum.GetValues<T>().Select(value => JsonSerializer.Serialize(value, type));

    /// <summary>The names of all members that the serializer knows of a type and of what is in it.</summary>
    private static void Gather(Type type, HashSet<Type> visited, HashSet<string> names)
    {
        JsonTypeInfo info = RuntimeJson.Default.Options.GetTypeInfo(Nullable.GetUnderlyingType(type) ?? type);
        if (!visited.Add(info.Type))
        {
            return;
        }

        foreach (JsonPropertyInfo property in info.Properties)
        {
            names.Add(property.Name);
            Gather(property.PropertyType, visited, names);
        }

        if (info.ElementType is { } element)
        {
            Gather(element, visited, names);
        }
    }

    /// <summary>Where the members of a config are: the quote before the name, the value, what follows it.</summary>
    private static List<(int Name, int Value, int End)> Members(string ascii)
    {
        List<(int, int, int)> members = [];
        var reader = new Utf8JsonReader(Encoding.ASCII.GetBytes(ascii));
        while (reader.Read())
        {
            if (reader.TokenType == JsonTokenType.PropertyName)
            {
                int name = (int)reader.TokenStartIndex;
                Utf8JsonReader value = reader;
                value.Read();
                int start = (int)value.TokenStartIndex;
                value.Skip();
                members.Add((name, start, (int)value.BytesConsumed));
            }
        }

        return members;
    }
}
