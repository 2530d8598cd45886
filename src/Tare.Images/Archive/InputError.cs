// SPDX-License-Identifier: Apache-2.0
using Tare.Linux;
using Tare.Linux.Compression;
using Tare.Oci;

namespace Tare.Images.Archive;

/// <summary>Failures on the way from an input to the store, each naming the verb and the input once.</summary>
internal static class InputError
{
    /// <summary>Runs <paramref name="work"/>; what it throws that is not a defect of ours comes out as one kind of error.</summary>
    /// <param name="what">the outermost noun, such as <c>load app.tar</c></param>
    /// <param name="work">what to do</param>
    public static async Task<T> NamedAsync<T>(string what, Func<Task<T>> work)
    {
        try
        {
            return await work();
        }
        catch (Exception e) when (Wrap(what, e) is { } named)
        {
            throw named;
        }
    }

    private static TareException? Wrap(string what, Exception e) => e switch
    {
        TareException t => new TareException(t.Kind, $"{what}: {t.Message}", t.Hint, t),
        CompressionException c => new TareException(ErrorKind.Corrupt, $"{what}: {c.Message}", inner: c),
        LinuxException l => new TareException(KindOf(l.Errno), $"{what}: {l.Message}", inner: l),
        IOException i => new TareException(ErrorKind.Unavailable, $"{what}: {i.Message.ReplaceLineEndings(" ")}", inner: i),
        _ => null,
    };

    private static ErrorKind KindOf(Errno errno) => errno switch
    {
        Errno.ENOSPC or Errno.EDQUOT or Errno.EMFILE or Errno.ENFILE or Errno.ENOMEM => ErrorKind.ResourceExhausted,
        Errno.EACCES or Errno.EPERM or Errno.EROFS => ErrorKind.PermissionDenied,
        _ => ErrorKind.FailedPrecondition,
    };
}
