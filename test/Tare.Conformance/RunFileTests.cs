// SPDX-License-Identifier: Apache-2.0
namespace Tare.Conformance;

[Trait("ring", "kernel")]
public sealed class RunFileTests(Busybox busybox) : IClassFixture<Busybox>
{
    [Fact]
    public void Containers_of_one_image_do_not_see_each_other_and_the_image_stays()
    {
        Assert.Equal("", busybox.Shell("", "rm /opt/note; echo one > /mine"));
        Assert.Equal("from the image\n", busybox.Shell("", "cat /opt/note; test ! -e /mine"));
    }

    [Fact]
    public void A_bind_shows_the_hosts_files_and_can_be_read_only()
    {
        string folder = Directory.CreateDirectory(Path.Combine(busybox.Tare.Folder, "bind")).FullName;
        File.WriteAllText(Path.Combine(folder, "a"), "host\n");

        Assert.Equal("host\n", busybox.Shell($"-v {folder}:/data", "cat /data/a; echo new > /data/b"));
        Assert.Equal("new\n", File.ReadAllText(Path.Combine(folder, "b")));
        Assert.Contains("Read-only file system", busybox.Run($"-v {folder}:/data:ro", "touch", "/data/c").Error, StringComparison.Ordinal);
        Assert.Contains("Read-only file system", busybox.Run($"--mount type=bind,src={folder},dst=/data,ro", "touch", "/data/c").Error, StringComparison.Ordinal);
        Assert.Equal("host\n", busybox.Shell($"-v {folder}/a:/file:ro", "cat /file"));
    }

    [Fact]
    public void A_bind_source_that_is_missing_is_made_by_v()
    {
        string folder = Path.Combine(busybox.Tare.Folder, "made", "here");

        busybox.Shell($"-v {folder}:/data", "touch /data/x");

        Assert.True(File.Exists(Path.Combine(folder, "x")));
    }

    [Fact]
    public void A_read_only_root_takes_no_files_but_tmpfs_does()
    {
        Assert.Contains(
            "Read-only file system", busybox.Run("--read-only", "touch", "/x").Error, StringComparison.Ordinal);
        Assert.Equal(
            "ok\n", busybox.Shell("--read-only --tmpfs /scratch:size=1m", "echo ok > /scratch/x; cat /scratch/x"));
        Assert.Contains("No space left", busybox.Run("--tmpfs /scratch:size=64k", "dd", "if=/dev/zero", "of=/scratch/x", "bs=1k", "count=100").Error, StringComparison.Ordinal);
    }

    [Fact]
    public void Devices_and_kernel_files_are_as_docker_has_them()
    {
        Assert.Equal("crw-rw-rw-", busybox.Shell("", "ls -l /dev/null | cut -c1-10").TrimEnd());
        Assert.Equal("/proc/self/fd\n", busybox.Shell("", "readlink /dev/fd"));
        Assert.Equal("0\n", busybox.Shell("", "cat /proc/kcore | wc -c"));
        Assert.Contains("Read-only file system", busybox.Run("", "sh", "-c", "echo x > /proc/sys/kernel/hostname").Error, StringComparison.Ordinal);
        Assert.Contains("Read-only file system", busybox.Run("", "sh", "-c", "mkdir /sys/fs/cgroup/x").Error, StringComparison.Ordinal);
        Assert.Contains("Operation not permitted", busybox.Run("", "mknod", "/x", "b", "8", "0").Error + busybox.Run("", "sh", "-c", "mknod /x b 8 0 && cat /x").Error, StringComparison.Ordinal);
    }

    [Fact]
    public void The_name_files_come_from_outside_the_image()
    {
        Assert.Equal("box\nbox\n", busybox.Shell("-h box", "hostname; cat /etc/hostname"));
        Assert.Contains("127.0.0.1", busybox.Shell("", "cat /etc/hosts"), StringComparison.Ordinal);
        Assert.Equal("", busybox.Shell("", "test -f /etc/resolv.conf"));
    }

    [Fact]
    public void A_volume_outlives_its_containers_and_is_filled_from_the_image()
    {
        Assert.Equal("from the image\n", busybox.Shell("-v data:/opt", "cat /opt/note; echo changed > /opt/note"));
        Assert.Equal("changed\n", busybox.Shell("-v data:/opt", "cat /opt/note"));
    }
}
