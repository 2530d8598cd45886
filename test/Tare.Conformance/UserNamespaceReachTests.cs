// SPDX-License-Identifier: Apache-2.0
using System.Net.Sockets;
using System.Text;

namespace Tare.Conformance;

/// <summary>What the root of a container reaches of the host from a user namespace of its own, and what it does not.</summary>
[Trait("ring", "kernel")]
public sealed class UserNamespaceReachTests(BusyboxStore store) : IClassFixture<BusyboxStore>
{
    /// <summary>Nothing but the user namespace is left in the way.</summary>
    private static readonly string[] Bare =
    [
        "--userns", "private", "--cap-add", "ALL", "--security-opt", "seccomp=unconfined", "--security-opt", "systempaths=unconfined",
        "--device", "/dev/null:/dev/mine",
    ];

    /// <summary>With all capabilities, no filter and no masks the host stays out of reach; security.md's finding on private namespaces.</summary>
    [Theory]
    [InlineData("echo x > /proc/sys/kernel/core_pattern")]
    [InlineData("echo 1 > /proc/sys/vm/drop_caches")]
    [InlineData("echo 0 > /proc/sys/kernel/randomize_va_space")]
    [InlineData("echo h > /proc/sysrq-trigger")]
    [InlineData("mknod /tmp/disk b 254 0")]
    [InlineData("mknod /dev/mem c 1 1")]
    [InlineData("mount -t cgroup -o memory none /tmp && mkdir /tmp/x")]
    [InlineData("mount -t cgroup -o memory none /tmp && echo x > /tmp/release_agent")]
    [InlineData("mount -t debugfs none /tmp")]
    [InlineData("mount -o remount,rw /sys")]
    [InlineData("date -s 2001-01-01 > /dev/null; [ $(date +%Y) = 2001 ]")]
    [InlineData("cat /proc/kcore > /dev/null")]
    [InlineData("cat /proc/1/root/proc/timer_list")]
    public void Full_rights_inside_are_none_over_the_host(string attack)
    {
        Outcome outcome = store.Run([.. Bare, "busybox", "sh", "-ec", $"({attack}) 2>/dev/null && echo reached; true"]);

        Assert.Equal((0, ""), (outcome.ExitCode, outcome.Text));
    }

    [Fact]
    public void Full_rights_inside_are_rights_inside() => Assert.Equal(
        "ok\n",
        store.Run([.. Bare, "busybox", "sh", "-ec", "mount -t tmpfs none /tmp; hostname other; ip link set lo down; chown 5:6 /etc; echo x > /dev/mine; echo ok"]).Text);

    /// <summary>As docker's users expect of a socket that only root may use.</summary>
    [Fact]
    public void A_socket_of_the_hosts_root_is_the_containers_roots()
    {
        string folder = Directory.CreateDirectory($"/run/tare-test-{Guid.NewGuid():N}").FullName;
        try
        {
            using var socket = new Socket(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified);
            socket.Bind(new UnixDomainSocketEndPoint($"{folder}/log"));
            File.SetUnixFileMode($"{folder}/log", UnixFileMode.UserRead | UnixFileMode.UserWrite);
            socket.ReceiveTimeout = 5000;

            store.Shell("busybox logger -t box hello from inside", "--userns", "private", "-v", $"{folder}/log:/dev/log");

            byte[] said = new byte[200];
            Assert.Contains("box: hello from inside", Encoding.UTF8.GetString(said, 0, socket.Receive(said)), StringComparison.Ordinal);
            Assert.Equal("refused\n", store.Shell(
                "[ -w /dev/log ] || echo refused", "--userns", "private", "-u", "1000", "-v", $"{folder}/log:/dev/log"));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Fact]
    public void Owners_in_a_common_folder_count_between_containers()
    {
        string folder = store.HostFolder();
        store.Shell("umask 077; echo mine > /v/root; chown 1000 /v/root", "-v", $"{folder}:/v");

        Assert.Equal("mine\n", store.Shell("cat /v/root", "-u", "1000", "-v", $"{folder}:/v"));
        Assert.Equal("refused\n", store.Shell("cat /v/root 2>/dev/null || echo refused", "-u", "1001", "-v", $"{folder}:/v"));
    }
}
