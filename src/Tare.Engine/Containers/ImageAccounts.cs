// SPDX-License-Identifier: Apache-2.0
using Tare.Linux;
using Tare.Linux.Files;
using Tare.Oci;
using Tare.Runtime.Specs;

namespace Tare.Engine.Containers;

/// <summary>Reads an image's users and groups without trusting what kind of files they are or how large.</summary>
/// <remarks>CVE-2024-9676: a fifo, a device or a file without end must neither hang nor fill the engine.</remarks>
internal static class ImageAccounts
{
    private const int MaxBytes = 1 << 20;

    /// <exception cref="TareException">InvalidArgument: not an ordinary file, or too large</exception>
    public static Accounts Read(Root rootfs) => new(Read(rootfs, "etc/passwd"u8), Read(rootfs, "etc/group"u8));

    private static byte[] Read(Root rootfs, ReadOnlySpan<byte> path)
    {
        try
        {
            // pinned first: to open a device or a fifo for reading can itself do something
            using Fd? place = rootfs.TryResolve(path, OpenFlags.Path);
            if (place is null)
            {
                return [];
            }

            using Fd? file = place.Status().IsRegular ? place.Reopen(OpenFlags.ReadOnly) : null;
            return file?.ReadAll(MaxBytes) ?? throw Refused(path, "not a regular file");
        }
        catch (LinuxException failure) when (failure.Errno is Errno.EFBIG or Errno.ELOOP)
        {
            throw Refused(path, failure.Errno.Explain());
        }
    }

    private static TareException Refused(ReadOnlySpan<byte> path, string why) =>
        new(ErrorKind.InvalidArgument, $"image: /{System.Text.Encoding.ASCII.GetString(path)}: {why}");
}
