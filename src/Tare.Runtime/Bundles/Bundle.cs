// SPDX-License-Identifier: Apache-2.0
using System.Text.Json;
using Tare.Linux;
using Tare.Linux.Files;
using Tare.Oci;
using Tare.Oci.Runtime;

namespace Tare.Runtime.Bundles;

internal sealed record Bundle(string Path, Spec Spec, byte[] Config)
{
    private const int MaxBytes = 16 << 20;

    public static Bundle Open(string path)
    {
        string whole = System.IO.Path.GetFullPath(path);
        try
        {
            byte[] config = HostPath.ReadAll($"{whole}/config.json", MaxBytes);
            return new(whole, JsonSerializer.Deserialize(config, RuntimeJson.Default.Spec) ?? throw new JsonException("null"), config);
        }
        catch (Exception refused) when (refused is JsonException or LinuxException)
        {
            throw new TareException(ErrorKind.InvalidArgument, $"bundle {whole}: {refused.Message}", null, refused);
        }
    }
}
