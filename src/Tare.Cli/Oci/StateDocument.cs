// SPDX-License-Identifier: Apache-2.0
using System.Text.Json;
using Tare.Runtime.Lifecycle;

namespace Tare.Cli.Oci;

/// <summary>A container as <c>state</c> and <c>list</c> print it: the specification's state and what runc adds.</summary>
/// <remarks>runtime-spec v1.3 runtime.md#state</remarks>
internal static class StateDocument
{
    public static void Write(Utf8JsonWriter writer, OciContainer container)
    {
        OciStatus status = container.Status();
        OciRecord record = container.Record;
        writer.WriteStartObject();
        writer.WriteString("ociVersion", record.OciVersion);
        writer.WriteString("id", record.Id);
        writer.WriteNumber("pid", status == OciStatus.Stopped ? 0 : record.Pid);
        writer.WriteString("status", OciText.Of(status));
        writer.WriteString("bundle", record.Bundle);
        writer.WriteString("rootfs", record.Rootfs);
        writer.WriteString("created", record.Created);
        if (record.Annotations is { Count: > 0 } annotations)
        {
            writer.WriteStartObject("annotations");
            foreach ((string key, string value) in annotations)
            {
                writer.WriteString(key, value);
            }

            writer.WriteEndObject();
        }

        writer.WriteString("owner", "");
        writer.WriteEndObject();
    }
}
