// SPDX-License-Identifier: Apache-2.0
using System.Runtime.ExceptionServices;
using System.Runtime.InteropServices;
using Tare.Linux.Files;
using Tare.Linux.Mounts;

namespace Tare.Linux.Tests.Mounts;

/// <summary>Runs a test on a thread with a mount namespace of its own, so that nothing it mounts can stay behind.</summary>
internal static partial class OwnMounts
{
    private const int CLONE_FS = 0x200;
    private const int CLONE_NEWNS = 0x20000;

    /// <summary>The scratch directory is opened inside: a descriptor from outside is of another namespace's mount.</summary>
    public static void Run(Action<Scratch> test)
    {
        ExceptionDispatchInfo? failure = null;
        Thread thread = new(() =>
        {
            try
            {
                // a mount namespace cannot be left by a thread that shares its root and cwd with others
                Assert.Equal(0, unshare(CLONE_FS | CLONE_NEWNS));
                using Fd root = HostPath.Open("/", OpenFlags.Path);
                Mount.SetAttributes(root, 0, propagation: Propagation.Private, recursive: true);
                using Scratch scratch = new();
                test(scratch);
            }
            catch (Exception e)
            {
                failure = ExceptionDispatchInfo.Capture(e);
            }
        });
        thread.Start();
        thread.Join();
        failure?.Throw();
    }

    [LibraryImport("libc", SetLastError = true)]
    private static partial int unshare(int flags);
}
