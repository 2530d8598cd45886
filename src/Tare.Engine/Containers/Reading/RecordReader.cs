// SPDX-License-Identifier: Apache-2.0
using Tare.Engine.Configuration;
using Tare.Engine.Inspect;
using Tare.Oci.Runtime.Reading;

namespace Tare.Engine.Containers.Reading;

/// <summary>Reads a <see cref="ContainerRecord"/> without the serializer, whose metadata takes longer than an exec.</summary>
/// <remarks>Each reader has the members of its type in the order in which they are written. What is unusual is left to the serializer.</remarks>
internal static class RecordReader
{
    /// <summary>Null when not sure of it.</summary>
    public static ContainerRecord? TryRead(ReadOnlySpan<byte> record) => FastTokens.Document(record, ReadRecord);

    private static ContainerRecord ReadRecord(ref FastTokens t)
    {
        string? imageId = null, path = null, cgroup = null;
        IReadOnlyList<string>? args = null;
        ConfigDocument? config = null;
        HostConfigDocument? hostConfig = null;
        IReadOnlyList<MountDocument>? mounts = null;
        RunRequest? request = null;
        LogConfiguration? log = null;
        UserNamespaceDocument? userNamespace = null;
        bool isStep = false;
        for (ulong seen = t.Object(); t.Member();)
        {
            if (t.Is("ImageId"u8, ref seen)) imageId = t.Text();
            else if (t.Is("Path"u8, ref seen)) path = t.Text();
            else if (t.Is("Args"u8, ref seen)) args = t.Texts();
            else if (t.Is("Config"u8, ref seen)) config = DocumentReader.ReadConfig(ref t);
            else if (t.Is("HostConfig"u8, ref seen)) hostConfig = HostConfigReader.ReadHostConfig(ref t);
            else if (t.Is("Mounts"u8, ref seen)) mounts = t.List(DocumentReader.ReadMount);
            else if (t.Is("Cgroup"u8, ref seen)) cgroup = t.Text();
            else if (t.Is("Request"u8, ref seen)) request = RequestReader.ReadRequest(ref t);
            else if (t.Is("Log"u8, ref seen)) log = RequestReader.ReadLog(ref t);
            else if (t.Is("UserNamespace"u8, ref seen)) userNamespace = DocumentReader.ReadUserNamespace(ref t);
            else if (t.Is("IsStep"u8, ref seen)) isStep = t.Flag();
            else t.GiveUp();
        }

        return new(t.Need(imageId), t.Need(path), t.Need(args), t.Need(config), t.Need(hostConfig), t.Need(mounts), t.Need(cgroup), request, log, userNamespace, isStep);
    }
}
