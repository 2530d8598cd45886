// SPDX-License-Identifier: Apache-2.0
using Tare.Linux;
using Tare.Linux.Files;
using Tare.Oci;
using Tare.Oci.Runtime;

namespace Tare.Runtime.Bundles;

/// <summary>A file with one process, as in the spec of a container.</summary>
internal static class ProcessDocument
{
    /// <exception cref="TareException">InvalidArgument: it is none, or a wrong one</exception>
    public static Process Read(string path)
    {
        try
        {
            Process process = ConfigReader.ReadProcess(HostPath.ReadAll(path, ConfigReader.MaxBytes));
            ProcessCheck.Check(process, at: "", []);
            return process;
        }
        catch (Exception refused) when (refused is TareException or LinuxException)
        {
            throw new TareException(ErrorKind.InvalidArgument, $"process file {path}: {refused.Message}", null, refused);
        }
    }
}
