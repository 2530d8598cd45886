// SPDX-License-Identifier: Apache-2.0
using Tare.Linux;
using Tare.Linux.Files;
using Tare.Oci;
using Tare.Oci.Runtime;

namespace Tare.Runtime.Bundles;

/// <summary>A folder with a config.json and, mostly, a root file system: what an OCI container is made of.</summary>
/// <remarks>runtime-spec v1.3 bundle.md. What is here was read and checked; nothing of the root file system was looked
/// at.</remarks>
internal sealed class Bundle
{
    public const string ConfigName = "config.json";

    private Bundle(string folder, byte[] config, Spec spec, IReadOnlyList<string> warnings)
    {
        Folder = folder;
        Config = config;
        Spec = spec;
        Warnings = warnings;
    }

    /// <summary>Absolute.</summary>
    public string Folder { get; }

    /// <summary>config.json as it is.</summary>
    public ReadOnlyMemory<byte> Config { get; }

    /// <summary>What config.json says, as <see cref="SpecForm"/> has it.</summary>
    public Spec Spec { get; }

    /// <summary>What the specification wants warned about.</summary>
    public IReadOnlyList<string> Warnings { get; }

    /// <summary>The root file system on the host, absolute.</summary>
    public string Rootfs => PathOf(Spec.Root!.Path);

    /// <param name="folder">absolute, or relative to the working directory</param>
    /// <exception cref="TareException">NotFound: no such bundle; InvalidArgument: the config is wrong, and the message
    /// names the member</exception>
    public static Bundle Open(string folder)
    {
        string full = Path.GetFullPath(folder);
        string file = Path.Join(full, ConfigName);
        byte[] config = Load(file);
        try
        {
            Spec spec = SpecForm.Of(ConfigReader.ReadSpec(config));
            return new Bundle(full, config, spec, SpecCheck.Check(spec));
        }
        catch (TareException wrong)
        {
            throw new TareException(wrong.Kind, $"{file}: {wrong.Message}", wrong.Hint, wrong);
        }
    }

    /// <summary>A path of the config's on the host: relative ones are relative to the bundle.</summary>
    public string PathOf(string path) => Path.GetFullPath(path, Folder);

    private static byte[] Load(string file)
    {
        try
        {
            return HostPath.TryReadAll(file, ConfigReader.MaxBytes) ?? throw new TareException(
                ErrorKind.NotFound, $"{file}: no such file", "a bundle is a folder with a config.json; --bundle names it");
        }
        catch (LinuxException e) when (e.Errno == Errno.EFBIG)
        {
            throw new TareException(
                ErrorKind.InvalidArgument, $"{file}: more than {ConfigReader.MaxBytes} bytes", inner: e);
        }
        catch (LinuxException e)
        {
            throw new TareException(ErrorKind.FailedPrecondition, $"read {ConfigName}: {e.Message}", inner: e);
        }
    }
}
