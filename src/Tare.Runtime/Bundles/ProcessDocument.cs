// SPDX-License-Identifier: Apache-2.0
using Tare.Linux;
using Tare.Linux.Files;
using Tare.Oci;
using Tare.Oci.Runtime;

namespace Tare.Runtime.Bundles;

/// <summary>A file with one process, as in the spec of a container.</summary>
internal static class ProcessDocument
{
    /// <exception cref="TareException">InvalidArgument: it is none, and the message names the member</exception>
    public static Process Read(string path)
    {
        try
        {
            Process process = ConfigReader.ReadProcess(HostPath.ReadAll(path, ConfigReader.MaxBytes));
            ProcessCheck.Check(process, at: "", []);
            return process;
        }
        catch (LinuxException refused)
        {
            throw new TareException(ErrorKind.InvalidArgument, $"process file: {refused.Message}", null, refused);
        }
        catch (TareException wrong)
        {
            throw new TareException(wrong.Kind, $"{path}: {wrong.Message}", wrong.Hint, wrong);
        }
    }
}
