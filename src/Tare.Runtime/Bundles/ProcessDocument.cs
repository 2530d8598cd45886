// SPDX-License-Identifier: Apache-2.0
using System.Text.Json;
using Tare.Linux;
using Tare.Linux.Files;
using Tare.Oci;
using Tare.Oci.Runtime;

namespace Tare.Runtime.Bundles;

/// <summary>A file with one process, as in the spec of a container.</summary>
internal static class ProcessDocument
{
    private const int MaxBytes = 16 << 20;

    /// <exception cref="TareException">InvalidArgument: it is none</exception>
    public static Process Read(string path)
    {
        try
        {
            return JsonSerializer.Deserialize(HostPath.ReadAll(path, MaxBytes), RuntimeJson.Default.Process) ?? throw new JsonException("null");
        }
        catch (Exception refused) when (refused is JsonException or LinuxException)
        {
            throw new TareException(ErrorKind.InvalidArgument, $"process file {path}: {refused.Message}", null, refused);
        }
    }
}
