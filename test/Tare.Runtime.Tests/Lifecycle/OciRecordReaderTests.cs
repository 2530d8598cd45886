// SPDX-License-Identifier: Apache-2.0
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Tare.Runtime.Lifecycle;

namespace Tare.Runtime.Tests.Lifecycle;

/// <summary>Whatever the fast reader of records answers, the serializer answers too; and it answers for all that we write.</summary>
public class OciRecordReaderTests
{
    private const int Seeds = 2000;

    private static readonly OciRecord Full = new("id", "/bundle", "/bundle/rootfs", "1.3.0", new(2026, 11, 28, 5, 1, 2, TimeSpan.FromHours(1)))
    {
        Pid = 5,
        StartTicks = ulong.MaxValue,
        Cgroups = ["/a", "/b \"é\""],
        MadeCgroups = ["/a"],
        HasUnified = true,
        Gate = -1,
        LateSteps = ["apply seccomp"],
        HasLateHooks = true,
        Annotations = new Dictionary<string, string> { ["key"] = "value" },
    };

    private static readonly byte[] FullText = LifecycleJson.Write(Full);

    [Fact]
    public void A_record_with_everything_is_read_fast()
    {
        Assert.Equal(typeof(OciRecord).GetProperties().Length, JsonNode.Parse(FullText)!.AsObject().Count);
        Assert.True(Agree(FullText));
    }

    [Fact]
    public void A_record_with_little_is_read_as_the_serializer_does() =>
        Assert.True(Agree(LifecycleJson.Write(new("id", "/", "/rootfs", "1.0", DateTimeOffset.UnixEpoch))));

    [Fact]
    public void A_missing_member_is_read_as_the_serializer_does() => Assert.All(
        JsonNode.Parse(FullText)!.AsObject().Select(static pair => pair.Key).ToArray(), member =>
        {
            JsonObject changed = JsonNode.Parse(FullText)!.AsObject();
            changed.Remove(member);
            Agree(Encoding.UTF8.GetBytes(changed.ToJsonString()));
        });

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
        if (OciRecordReader.TryRead(text) is not { } fast)
        {
            return false;
        }

        OciRecord careful = JsonSerializer.Deserialize(text, LifecycleJson.Default.OciRecord)!;
        Assert.Equal(Encoding.UTF8.GetString(LifecycleJson.Write(careful)), Encoding.UTF8.GetString(LifecycleJson.Write(fast)));
        return true;
    }
}
