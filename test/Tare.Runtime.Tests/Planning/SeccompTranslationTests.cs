// SPDX-License-Identifier: Apache-2.0
using Tare.Linux.Seccomp;
using Tare.Oci.Runtime;
using Tare.Runtime.Planning;

namespace Tare.Runtime.Tests.Planning;

public sealed class SeccompTranslationTests
{
    private const string Killable = "SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV";
    private const string Sync = "SECCOMP_FILTER_FLAG_TSYNC";

    // linux/seccomp.h
    private const uint SyncBit = 1;
    private const uint ListenerBit = 8;
    private const uint SyncNoThreadBit = 16;
    private const uint KillableBit = 32;

    [Theory]
    [InlineData("Errno", "", 0)]
    [InlineData("Errno", Sync, SyncBit)]
    [InlineData("Errno", Killable, 0)]
    [InlineData("Notify", "", ListenerBit)]
    [InlineData("Notify", Killable, ListenerBit | KillableBit)]
    [InlineData("Notify", Sync, ListenerBit | SyncBit | SyncNoThreadBit)]
    public void Flags_are_those_that_the_kernel_takes_together(string action, string flag, uint expected) => Assert.Equal(
        (SeccompFlags)expected,
        SeccompTranslation.Flags(Spec(Enum.Parse<SeccompAction>(action)) with { Flags = flag.Length == 0 ? [] : [flag] }));

    [Fact]
    public void A_call_that_is_left_to_the_listener_is_answered_so()
    {
        byte[] notifies = SeccompTranslation.Compile(Spec(SeccompAction.Notify));
        byte[] traps = SeccompTranslation.Compile(Spec(SeccompAction.Trap));

        // struct sock_filter of BPF_RET | BPF_K with SECCOMP_RET_USER_NOTIF
        byte[] answer = [6, 0, 0, 0, 0, 0, 0xc0, 0x7f];
        Assert.Contains(answer, notifies.Chunk(8));
        Assert.DoesNotContain(answer, traps.Chunk(8));
    }

    private static SeccompSpec Spec(SeccompAction action) =>
        new(SeccompAction.Allow) { ListenerPath = "/run/l", Syscalls = [new(["mkdir"], action)] };
}
