// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using System.Text.Json;
using Tare.Cli.Arguments;
using Tare.Cli.Output;
using Tare.Engine;
using Tare.Engine.Containers;
using Tare.Engine.Networks;

namespace Tare.Cli.Commands;

/// <summary><c>tare network inspect</c>, in docker's shape. Engine API v1.51 Network.</summary>
internal static class NetworkInspectVerb
{
    private static readonly Flag<string?> Format =
        Flag.Text("-f, --format", "string", "Format output using a custom template: 'json' or a Go template");
    private static readonly Flag<bool> Verbose = Flag.Switch("-v, --verbose", "Verbose output for diagnostics");

    public static Verb Create() => new("Display detailed information on one or more networks", "[OPTIONS] NETWORK [NETWORK...]", Act)
    {
        Flags = [Format, Verbose],
        MinOperands = 1,
        Examples = [("tare network inspect -f '{{range .IPAM.Config}}{{.Subnet}}{{end}}' app", "its addresses")],
    };

    private static int Act(Session session, ParsedArguments arguments) => InspectVerb.ActOnEach(
        session,
        arguments,
        arguments.Get(Format),
        static (engine, name) => engine.Networks.Find(name) is { } row ? Document(engine, row) : null,
        NetworkTable.Missing);

    private static JsonElement Document(TareEngine engine, NetworkRow row) => Json.Build(writer =>
    {
        writer.WriteStartObject();
        writer.WriteString("Name", row.Name);
        writer.WriteString("Id", row.Id);
        writer.WriteString("Created", row.Created.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fffffff'00Z'", CultureInfo.InvariantCulture));
        writer.WriteString("Scope", "local");
        writer.WriteString("Driver", row.Record.Driver);
        writer.WriteBoolean("EnableIPv4", true);
        writer.WriteBoolean("EnableIPv6", row.Record.EnableIPv6);
        WriteAddresses(writer, row);
        writer.WriteBoolean("Internal", row.Record.Internal);
        writer.WriteBoolean("Attachable", row.Record.Attachable);
        writer.WriteBoolean("Ingress", false);
        writer.WriteStartObject("ConfigFrom");
        writer.WriteString("Network", "");
        writer.WriteEndObject();
        writer.WriteBoolean("ConfigOnly", false);
        WriteContainers(writer, engine, row);
        WriteMap(writer, "Options", row.Record.Options);
        WriteMap(writer, "Labels", row.Record.Labels);
        writer.WriteEndObject();
    });

    private static void WriteAddresses(Utf8JsonWriter writer, NetworkRow row)
    {
        writer.WriteStartObject("IPAM");
        writer.WriteString("Driver", "default");
        writer.WriteStartObject("Options");
        writer.WriteEndObject();
        writer.WriteStartArray("Config");
        foreach (SubnetDocument subnet in row.Record.Subnets)
        {
            writer.WriteStartObject();
            writer.WriteString("Subnet", subnet.Subnet);
            if (subnet.IPRange is { } range)
            {
                writer.WriteString("IPRange", range);
            }

            writer.WriteString("Gateway", subnet.Gateway);
            if (subnet.AuxiliaryAddresses is { Count: > 0 } others)
            {
                WriteMap(writer, "AuxiliaryAddresses", others);
            }

            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        writer.WriteEndObject();
    }

    private static void WriteContainers(Utf8JsonWriter writer, TareEngine engine, NetworkRow row)
    {
        writer.WriteStartObject("Containers");
        foreach ((ContainerRow container, LiveEndpoint place) in NetworkUsers.Of(engine, row))
        {
            writer.WriteStartObject(container.Id.Text);
            writer.WriteString("Name", container.Name);
            writer.WriteString("EndpointID", place.Id);
            writer.WriteString("MacAddress", place.Mac);
            writer.WriteString("IPv4Address", Address(place, v6: false));
            writer.WriteString("IPv6Address", Address(place, v6: true));
            writer.WriteEndObject();
        }

        writer.WriteEndObject();
    }

    private static string Address(LiveEndpoint place, bool v6) =>
        place.Addresses.FirstOrDefault(each => each.Address.Contains(':', StringComparison.Ordinal) == v6) is { } address
            ? string.Create(CultureInfo.InvariantCulture, $"{address.Address}/{address.Prefix}")
            : "";

    private static void WriteMap(Utf8JsonWriter writer, string name, IReadOnlyDictionary<string, string> map)
    {
        writer.WriteStartObject(name);
        foreach ((string key, string value) in map.OrderBy(static each => each.Key, StringComparer.Ordinal))
        {
            writer.WriteString(key, value);
        }

        writer.WriteEndObject();
    }
}
