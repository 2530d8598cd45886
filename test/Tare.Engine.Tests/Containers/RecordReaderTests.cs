// SPDX-License-Identifier: Apache-2.0
using System.Collections;
using System.Reflection;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using Tare.Engine.Containers;
using Tare.Engine.Containers.Reading;
using Tare.Engine.Inspect;

namespace Tare.Engine.Tests.Containers;

/// <summary>Whatever the fast reader of records answers, the serializer answers too; and it answers for all that we write.</summary>
public class RecordReaderTests
{
    private const int Seeds = 3000;

    private static readonly ContainerRecord Full = (ContainerRecord)Fill(typeof(ContainerRecord), "record")!;
    private static readonly byte[] FullText = ContainerJson.Write(Full);

    [Fact]
    public void A_record_with_everything_is_read_fast()
    {
        ContainerRecord? read = RecordReader.TryRead(FullText);

        Assert.NotNull(read);
        Assert.Equal(Encoding.UTF8.GetString(FullText), Encoding.UTF8.GetString(ContainerJson.Write(read)));
    }

    [Fact]
    public void The_record_with_everything_has_every_member_of_every_type() =>
        Assert.Equal([], Missing(typeof(ContainerRecord), JsonNode.Parse(FullText)!));

    [Fact]
    public void A_record_with_little_is_read_as_the_serializer_does()
    {
        var record = new ContainerRecord(
            "sha256:1", "sh", [], new() { Hostname = "h", User = "", Env = [], Image = "i", WorkingDir = "/", Labels = new Dictionary<string, string>() },
            new() { NetworkMode = "none", ConsoleSize = [0, 0], MaskedPaths = [], ReadonlyPaths = [] }, [], "/c", new RunRequest { Image = "i" });

        Assert.True(Agree(ContainerJson.Write(record)));
        Assert.True(Agree(ContainerJson.Write(record with { Request = null })));
    }

    [Theory]
    [InlineData("Path", null)]
    [InlineData("Args", "text")]
    [InlineData("Unknown", "text")]
    [InlineData("Request", "[]")]
    public void What_is_unusual_is_left_to_the_serializer(string member, string? value)
    {
        JsonObject changed = JsonNode.Parse(FullText)!.AsObject();
        changed[member] = value;

        Assert.Null(RecordReader.TryRead(Encoding.UTF8.GetBytes(changed.ToJsonString())));
    }

    [Fact]
    public void A_missing_member_is_read_as_the_serializer_does()
    {
        foreach (string path in new[] { "", "Config", "HostConfig", "Request" })
        {
            JsonObject of = path.Length == 0 ? JsonNode.Parse(FullText)!.AsObject() : JsonNode.Parse(FullText)![path]!.AsObject();
            foreach (string member in of.Select(static pair => pair.Key).ToArray())
            {
                JsonNode changed = JsonNode.Parse(FullText)!;
                (path.Length == 0 ? changed : changed[path]!).AsObject().Remove(member);
                Agree(Encoding.UTF8.GetBytes(changed.ToJsonString()));
            }
        }
    }

    [Fact]
    public void Whatever_stands_in_a_record_the_readers_agree()
    {
        for (int seed = 0; seed < Seeds; seed++)
        {
            var random = new Random(seed);
            byte[] text = [.. FullText];
            for (int i = random.Next(1, 4); i > 0; i--)
            {
                text[random.Next(text.Length)] = (byte)"\"{}[],:0truefalsn\\u 9-"[random.Next(22)];
            }

            Agree(text);
        }
    }

    /// <summary>False when the fast reader is not sure.</summary>
    private static bool Agree(byte[] text)
    {
        if (RecordReader.TryRead(text) is not { } fast)
        {
            return false;
        }

        ContainerRecord careful = JsonSerializer.Deserialize(text, ContainerJson.Default.ContainerRecord)!;
        Assert.Equal(JsonSerializer.Serialize(careful, ContainerJson.Default.ContainerRecord), JsonSerializer.Serialize(fast, ContainerJson.Default.ContainerRecord));
        return true;
    }

    /// <summary>A value that is not the type's default, with all members of all types below it.</summary>
    private static object? Fill(Type type, string name)
    {
        Type plain = Nullable.GetUnderlyingType(type) ?? type;
        if (plain == typeof(string))
        {
            return name;
        }

        if (plain == typeof(bool))
        {
            return true;
        }

        if (plain.IsEnum)
        {
            return Enum.GetValues(plain).GetValue(Enum.GetValues(plain).Length - 1);
        }

        if (plain.IsPrimitive)
        {
            return Convert.ChangeType(name.Length, plain, null);
        }

        Type[] of = plain.GetGenericArguments();
        if (of.Length == 2)
        {
            var map = (IDictionary)Activator.CreateInstance(typeof(Dictionary<,>).MakeGenericType(of))!;
            map.Add(name, Fill(of[1], name));
            return map;
        }

        if (of.Length == 1)
        {
            Array list = Array.CreateInstance(of[0], 1);
            list.SetValue(Fill(of[0], name), 0);
            return list;
        }

        ConstructorInfo constructor = plain.GetConstructors(BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic)
            .Where(c => c.GetParameters() is not [var only] || only.ParameterType != plain)
            .MaxBy(static c => c.GetParameters().Length)!;
        object made = constructor.Invoke([.. constructor.GetParameters().Select(static p => Fill(p.ParameterType, p.Name!))]);
        foreach (PropertyInfo property in Written(plain).Where(static p => p.CanWrite))
        {
            property.SetValue(made, Fill(property.PropertyType, property.Name));
        }

        return made;
    }

    private static IEnumerable<string> Missing(Type type, JsonNode node) => Written(type).SelectMany(property =>
    {
        if (node[property.Name] is not { } value)
        {
            return [$"{type.Name}.{property.Name}"];
        }

        // through lists and maps to what they hold
        Type below = property.PropertyType;
        while (below.GetGenericArguments() is [.., var held] arguments)
        {
            value = arguments.Length == 2 ? value.AsObject().First().Value! : value is JsonArray list ? list[0]! : value;
            below = held;
        }

        bool isOurs = below.Namespace!.StartsWith("Tare", StringComparison.Ordinal) && !below.IsEnum;
        return isOurs ? Missing(below, value) : [];
    });

    private static IEnumerable<PropertyInfo> Written(Type type) => type
        .GetProperties(BindingFlags.Instance | BindingFlags.Public)
        .Where(static p => p.GetCustomAttribute<JsonIgnoreAttribute>() is not { Condition: JsonIgnoreCondition.Always });
}
