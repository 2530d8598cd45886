// SPDX-License-Identifier: Apache-2.0
namespace Tare.Conformance;

/// <summary>Bind mounts, volumes and tmpfs of <c>tare run</c>.</summary>
[Trait("ring", "kernel")]
public sealed class RunMountTests(BusyboxStore store) : IClassFixture<BusyboxStore>
{
    [Fact]
    public void A_folder_of_the_host_is_written_and_read()
    {
        string host = store.HostFolder();
        File.WriteAllText($"{host}/in", "from the host");

        Assert.Equal("from the host", store.Shell("cat /h/in; echo from inside >/h/out", "-v", $"{host}:/h"));

        Assert.Equal("from inside\n", File.ReadAllText($"{host}/out"));
    }

    [Theory]
    [InlineData("-v", "SOURCE:/h:ro")]
    [InlineData("--mount", "type=bind,source=SOURCE,target=/h,readonly")]
    [InlineData("--mount", "type=bind,src=SOURCE,dst=/h,ro=true")]
    public void A_read_only_mount_is_not_written(params string[] flags)
    {
        string host = store.HostFolder();
        File.WriteAllText($"{host}/in", "kept");

        store.Shell(
            "[ $(cat /h/in) = kept ]; ! touch /h/x 2>/dev/null; ! rm /h/in 2>/dev/null",
            [.. flags.Select(flag => flag.Replace("SOURCE", host, StringComparison.Ordinal))]);

        Assert.Equal(["in"], Directory.GetFiles(host).Select(Path.GetFileName));
    }

    [Fact]
    public void One_file_can_be_mounted_over_another_or_where_none_is()
    {
        string file = Path.Combine(store.HostFolder(), "file");
        File.WriteAllText(file, "mine\n");

        Assert.Equal("mine\nmine\n", store.Shell("cat /etc/passwd /new/dir/file", "-v", $"{file}:/etc/passwd:ro", "-v", $"{file}:/new/dir/file", "-u", "0"));
    }

    [Fact]
    public void A_missing_folder_of_the_host_is_made_by_v()
    {
        string missing = Path.Combine(store.HostFolder(), "a/b");

        store.Shell("touch /h/x", "-v", $"{missing}:/h");

        Assert.True(File.Exists($"{missing}/x"));
    }

    [Fact]
    public void A_target_behind_a_link_of_the_image_stays_inside()
    {
        string name = $"tare-{Guid.NewGuid():N}";

        store.Shell($"touch /tmp/{name}/inside", "-v", $"{store.HostFolder()}:/way-out/{name}");

        Assert.False(Path.Exists($"/tmp/{name}"));
    }

    /// <summary>The kernel does not vouch for a way upwards while any directory of the machine is renamed, and asks to be asked again.</summary>
    [Fact]
    public void A_target_behind_a_link_is_found_while_others_rename()
    {
        string folder = store.HostFolder();
        Directory.CreateDirectory($"{folder}/a/x");
        Directory.CreateDirectory($"{folder}/b");
        bool isOver = false;
        var renames = new Thread(() =>
        {
            while (!Volatile.Read(ref isOver))
            {
                Directory.Move($"{folder}/a/x", $"{folder}/b/x");
                Directory.Move($"{folder}/b/x", $"{folder}/a/x");
            }
        });
        renames.Start();
        try
        {
            for (int i = 0; i < 20; i++)
            {
                store.Shell("touch /tmp/deep/inside", "-v", $"{store.HostFolder()}:/way-out/deep");
            }
        }
        finally
        {
            Volatile.Write(ref isOver, true);
            renames.Join();
        }
    }

    [Fact]
    public void A_named_volume_is_filled_from_the_image_once_and_persists()
    {
        Assert.Equal("copied up", store.Shell("cat /data/from-image; echo more >/data/more; rm /data/from-image", "-v", "kept:/data"));

        Assert.Equal("more\n", store.Shell("ls /data", "-v", "kept:/data"));
        Assert.Equal("more\n", store.Shell("cat /data/more", "--mount", "type=volume,source=kept,target=/data"));
        store.Shell("! touch /data/x 2>/dev/null", "-v", "kept:/data:ro");
    }

    [Fact]
    public void A_volume_can_stay_unfilled()
    {
        Assert.Equal("", store.Shell("ls /data", "-v", "unfilled:/data:nocopy"));
    }

    [Fact]
    public void An_anonymous_volume_goes_with_its_container()
    {
        string[] before = Volumes();

        Assert.Equal("from-image\n", store.Shell("ls /data; touch /data/x", "-v", "/data"));

        Assert.Equal(before, Volumes());
    }

    [Fact]
    public void A_tmpfs_has_the_options_asked_for()
    {
        Assert.Equal(
            "tmpfs rw,nosuid,nodev,noexec 1024 700\n",
            store.Shell(
                "grep ' /t ' /proc/mounts | awk '{printf \"%s \", $3}'; grep ' /t ' /proc/mounts | cut -d ' ' -f 4 | cut -d , -f 1-4 | tr '\\n' ' '; echo $(df -k /t | tail -n 1 | awk '{print $2}') $(stat -c %a /t)",
                "--tmpfs", "/t:size=1m,mode=700"));
        store.Shell("cp /bin/busybox /t/ls; /t/ls / >/dev/null", "--tmpfs", "/t:exec");
        store.Shell("touch /t/x", "--mount", "type=tmpfs,target=/t,tmpfs-size=1048576,tmpfs-mode=1770");
    }

    [Fact]
    public void Mounts_below_mounts_are_in_order()
    {
        string host = store.HostFolder();

        store.Shell("touch /a/x /a/b/y; [ ! -e /a/b/x ]", "--tmpfs", "/a/b", "-v", $"{host}:/a");

        Assert.True(File.Exists($"{host}/x"));
        Assert.False(File.Exists($"{host}/b/y"));
    }

    [Theory]
    [InlineData("/proc")]
    [InlineData("/proc/sys")]
    public void Nothing_is_mounted_over_proc(string target)
    {
        Outcome outcome = store.Run("-v", $"{store.HostFolder()}:{target}", "busybox", "true");

        Assert.InRange(outcome.ExitCode, 125, 127);
        BusyboxStore.AssertClear(outcome);
    }

    private string[] Volumes()
    {
        string folder = Path.Combine(store.Tare.Root, "volumes");
        return Directory.Exists(folder) ? [.. Directory.GetFileSystemEntries(folder).Order(StringComparer.Ordinal)] : [];
    }
}
