// SPDX-License-Identifier: Apache-2.0
using System.Runtime.ExceptionServices;
using System.Runtime.InteropServices;
using Tare.Linux.Netlink;

namespace Tare.Keeper.Tests.Relay;

/// <summary>Runs a test on a thread with a network namespace of its own, whose lo has all of 10.9.9.0/24.</summary>
internal static partial class OwnNetwork
{
    private const int CLONE_NEWNET = 0x40000000;

    public static void Run(Action test)
    {
        ExceptionDispatchInfo? failure = null;
        bool isAllowed = false;
        Thread thread = new(() =>
        {
            try
            {
                isAllowed = unshare(CLONE_NEWNET) == 0;
                if (isAllowed)
                {
                    SetUp();
                    test();
                }
            }
            catch (Exception e)
            {
                failure = ExceptionDispatchInfo.Capture(e);
            }
        });
        thread.Start();
        thread.Join();
        failure?.Throw();
        Assert.SkipUnless(isAllowed, "needs root");
    }

    private static void SetUp()
    {
        const ushort Local = 2;
        using var socket = NetlinkSocket.Open();
        NetworkDevice lo = NetworkDevice.TryFind(socket, "lo")!;
        lo.Raise(socket);
        new DeviceAddress(2, 24, new Dictionary<ushort, byte[]> { [Local] = [10, 9, 9, 1], [1] = [10, 9, 9, 1] }).AddTo(socket, lo);
    }

    [LibraryImport("libc", SetLastError = true)]
    private static partial int unshare(int flags);
}
