// SPDX-License-Identifier: Apache-2.0
using Tare.Linux;
using Tare.Linux.Files;
using Tare.Linux.Processes;
using Tare.Oci;

namespace Tare.Engine.Configuration;

/// <summary>The one configuration file of a machine.</summary>
/// <remarks>What it says can weaken everything (registries without TLS, a store elsewhere), so only a file counts that
/// nobody but root, or the user who runs us, can have written.</remarks>
internal static class ConfigurationFile
{
    public const string DefaultPath = "/etc/tare/config";

    private const int MaxBytes = 1 << 20;
    private const uint WritableByOthers = 0b000_010_010;

    /// <summary>The file that somebody named.</summary>
    /// <exception cref="TareException">NotFound; PermissionDenied: others could have written it, or it cannot be read;
    /// ResourceExhausted: above 1 MiB; InvalidArgument: the content is wrong</exception>
    public static EngineConfiguration Read(string path) => ReadIfPresent(path)
        ?? throw new TareException(
            ErrorKind.NotFound, $"config {path}: no such file", "name another file with --config or TARE_CONFIG");

    /// <summary>Null when there is no such file, for one call of the kernel.</summary>
    /// <inheritdoc cref="Read" path="/exception"/>
    public static EngineConfiguration? ReadIfPresent(string path)
    {
        try
        {
            // non-blocking, because opening a fifo waits for a writer otherwise
            using Fd? file = HostPath.TryOpen(path, OpenFlags.ReadOnly | OpenFlags.NonBlocking | OpenFlags.NoTerminal);
            if (file is null)
            {
                return null;
            }

            Check(path, file.Status());
            return ConfigurationReader.Read(file.ReadAll(MaxBytes), path);
        }
        catch (LinuxException large) when (large.Errno == Errno.EFBIG)
        {
            throw new TareException(
                ErrorKind.ResourceExhausted, $"config {path}: more than {MaxBytes} bytes", null, large);
        }
        catch (LinuxException refused)
        {
            ErrorKind kind = refused.Errno is Errno.EACCES or Errno.EPERM
                ? ErrorKind.PermissionDenied
                : ErrorKind.FailedPrecondition;
            throw new TareException(kind, $"config {path}: {refused.Errno.Explain()}", null, refused);
        }
    }

    private static void Check(string path, FileStatus status)
    {
        if (!status.IsRegular)
        {
            throw new TareException(ErrorKind.InvalidArgument, $"config {path}: not a regular file");
        }

        if (status.Uid != 0 && status.Uid != OwnProcess.EffectiveUser)
        {
            throw new TareException(
                ErrorKind.PermissionDenied,
                $"config {path}: owned by user {status.Uid}, want root",
                $"chown root:root {path}");
        }

        if ((status.Mode & WritableByOthers) != 0)
        {
            string mode = Convert.ToString(status.Mode, 8);
            throw new TareException(
                ErrorKind.PermissionDenied,
                $"config {path}: others than its owner can write it (mode {mode})",
                $"chmod go-w {path}");
        }
    }
}
