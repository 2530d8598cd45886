// SPDX-License-Identifier: Apache-2.0
using System.Text.Json;
using Tare.Cli.Arguments;
using Tare.Linux;
using Tare.Linux.Files;
using Tare.Linux.Processes;
using Tare.Oci;
using Tare.Oci.Runtime;
using Tare.Runtime.Bundles;

namespace Tare.Cli.Oci;

/// <summary><c>tare oci spec</c>: writes a config.json to begin with.</summary>
internal static class SpecVerb
{
    private const uint FileMode = 0x1a4; // 0644

    private static readonly Flag<string?> BundlePath =
        Flag.File("-b, --bundle", "The folder that config.json is written into (default: the current one)");
    private static readonly Flag<bool> Rootless =
        Flag.Switch("--rootless", "For a user without rights: a user namespace with that user alone");

    public static OciVerb Create() => new("Write a config.json to begin with", "[OPTIONS]", Act)
    {
        Flags = [BundlePath, Rootless],
    };

    private static int Act(OciCall call)
    {
        Spec spec = call.Get(Rootless)
            ? DefaultSpec.CreateRootless(OwnProcess.EffectiveUser, OwnProcess.EffectiveGroup)
            : DefaultSpec.Create();
        string path = Path.Join(Path.GetFullPath(call.Get(BundlePath) ?? "."), Bundle.ConfigName);
        byte[] text = [.. JsonSerializer.SerializeToUtf8Bytes(spec, RuntimeJson.Indented.Spec), (byte)'\n'];
        try
        {
            using Fd file = HostPath.Open(path, OpenFlags.WriteOnly | OpenFlags.Create | OpenFlags.Exclusive, FileMode);
            file.Write(text);
        }
        catch (LinuxException taken) when (taken.Errno == Errno.EEXIST)
        {
            throw new TareException(ErrorKind.AlreadyExists, $"file {path} exists. Remove it first", inner: taken);
        }

        return 0;
    }
}
