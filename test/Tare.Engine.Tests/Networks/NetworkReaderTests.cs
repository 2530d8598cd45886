// SPDX-License-Identifier: Apache-2.0
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;
using Tare.Engine.Networks;

namespace Tare.Engine.Tests.Networks;

/// <summary>Whatever the fast reader answers, the serializer answers too; and it answers for all that we write.</summary>
public class NetworkReaderTests
{
    private const int Seeds = 2000;

    private static readonly NetworkRecord Record = new("bridge", "br-1")
    {
        Subnets = [new("10.0.0.0/8", "10.0.0.1") { IPRange = "10.1.0.0/16", AuxiliaryAddresses = Map("host", "10.0.0.9") }],
        Internal = true,
        Attachable = true,
        EnableIPv6 = true,
        Options = Map("option", "value"),
        Labels = Map("label", "é\"\\"),
    };

    private static readonly LiveNetworks Live = new()
    {
        Endpoints =
        [
            new("id", "name", "endpoint", "bridge", "tv1", "eth0", "02:00:00:00:00:01")
            {
                Addresses = [new("10.0.0.2", 8, "10.0.0.1")],
                Aliases = ["alias"],
                IsDefaultRoute = true,
            },
        ],
        Ports = [new("tcp", "0.0.0.0", 80, "10.0.0.2", 8080) { BehindFirewall = true }],
        HasNameServer = true,
        Upstreams = ["1.1.1.1"],
        IsInternal = true,
    };

    private static readonly byte[] RecordText = JsonSerializer.SerializeToUtf8Bytes(Record, NetworkJson.Default.NetworkRecord);
    private static readonly byte[] LiveText = NetworkJson.Write(Live);

    [Fact]
    public void Documents_with_everything_are_read_fast()
    {
        Assert.True(AgreeOnRecord(RecordText));
        Assert.True(AgreeOnLive(LiveText));
        Assert.Equal(typeof(NetworkRecord).GetProperties().Length, JsonNode.Parse(RecordText)!.AsObject().Count);
        Assert.Equal(typeof(LiveNetworks).GetProperties().Length, JsonNode.Parse(LiveText)!.AsObject().Count);
        Assert.Equal(Encoding.UTF8.GetString(JsonSerializer.SerializeToUtf8Bytes(Live, NetworkJson.Default.LiveNetworks)), Encoding.UTF8.GetString(LiveText));
    }

    [Fact]
    public void Documents_with_little_are_read_as_the_serializer_does()
    {
        Assert.True(AgreeOnRecord(JsonSerializer.SerializeToUtf8Bytes(new NetworkRecord("bridge", "br-1"), NetworkJson.Default.NetworkRecord)));
        Assert.True(AgreeOnLive(NetworkJson.Write(new LiveNetworks())));
        Assert.True(AgreeOnLive("{}"u8.ToArray()));
    }

    [Fact]
    public void Whatever_stands_in_a_document_the_readers_agree()
    {
        for (int seed = 0; seed < Seeds; seed++)
        {
            var random = new Random(seed);
            AgreeOnRecord(Damaged(RecordText, random));
            AgreeOnLive(Damaged(LiveText, random));
        }
    }

    private static byte[] Damaged(byte[] whole, Random random)
    {
        byte[] text = [.. whole];
        for (int i = random.Next(1, 4); i > 0; i--)
        {
            text[random.Next(text.Length)] = (byte)"\"{}[],:0truefalsn\\u 9-"[random.Next(22)];
        }

        return text;
    }

    private static bool AgreeOnRecord(byte[] text) => Agree(text, NetworkReader.TryReadRecord(text), NetworkJson.Default.NetworkRecord);

    private static bool AgreeOnLive(byte[] text) => Agree(text, NetworkReader.TryReadLive(text), NetworkJson.Default.LiveNetworks);

    /// <summary>False when the fast reader is not sure.</summary>
    private static bool Agree<T>(byte[] text, T? fast, JsonTypeInfo<T> type)
        where T : class
    {
        if (fast is null)
        {
            return false;
        }

        T careful = JsonSerializer.Deserialize(text, type)!;
        Assert.Equal(JsonSerializer.Serialize(careful, type), JsonSerializer.Serialize(fast, type));
        return true;
    }

    private static Dictionary<string, string> Map(string key, string value) => new() { [key] = value };
}
