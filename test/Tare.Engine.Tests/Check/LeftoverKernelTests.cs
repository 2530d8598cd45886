// SPDX-License-Identifier: Apache-2.0
using System.Diagnostics;
using System.Globalization;
using Tare.Engine.Check;
using Tare.Engine.Containers;
using Tare.Engine.State;
using Tare.Linux.Cgroups;

namespace Tare.Engine.Tests.Check;

/// <summary>Leaks in the kernel, planted by hand: cgroups, processes in them, mounts, keepers.</summary>
[Trait("ring", "kernel")]
public sealed class LeftoverKernelTests : IDisposable
{
    private readonly TemporaryEngine _temporary = new();
    private readonly List<Process> _started = [];
    private readonly ContainerId _id = ContainerId.Create();

    private CgroupHost Host { get; } = CgroupHost.Detect();

    private string Parent => $"tare-{_temporary.Engine.Folders.StoreId}";

    public void Dispose()
    {
        foreach (Process process in _started)
        {
            process.Kill(entireProcessTree: true);
            process.WaitForExit();
            process.Dispose();
        }

        foreach (string name in (string[])[_id.Text, "foreign"])
        {
            Host.Open(Parent, name).Remove(TimeSpan.FromSeconds(10));
        }

        Host.RemoveParent(Parent);
        Host.RemoveParent($"{Parent}-other");
        _temporary.Dispose();
    }

    [Fact]
    public void Cgroups_of_no_container_are_removed_with_what_is_in_them_and_their_parent()
    {
        string[] groups = [.. Host.Create(Parent, _id.Text, CgroupLimits.None).Paths];
        Host.Create(Parent, "foreign", CgroupLimits.None);
        Directory.CreateDirectory($"{groups[0]}/below");
        Process inside = Sleep();
        Enter(inside, $"{groups[0]}/below");
        Enter(inside, groups[^1]);

        string[] found = Look(new CgroupLeftovers(_temporary.Engine));

        Assert.Equal(2, found.Length);
        Assert.Matches($"^cgroup {_id}: its container does not run; 1 process in ", found.Single(f => f.Contains(_id.Text)));
        Assert.Matches("^cgroup foreign: it is not a container's; 0 processes in ", found.Single(f => !f.Contains(_id.Text)));
        Assert.Contains($"process {inside.Id}: sleep in cgroup {_id}, where it does not belong", Look(new ProcessLeftovers(_temporary.Engine)));
        Repair(new CgroupLeftovers(_temporary.Engine));

        Assert.Empty(Look(new CgroupLeftovers(_temporary.Engine)));
        Assert.Empty(Look(new ProcessLeftovers(_temporary.Engine)));
        Assert.True(inside.WaitForExit(10_000));
        Assert.All(Host.Hierarchies, hierarchy => Assert.False(Directory.Exists(hierarchy.PathOf(Parent))));
    }

    [Fact]
    public void A_cgroup_below_another_parent_is_found_by_what_was_written_down()
    {
        RunRequest asking = new() { Image = "busybox", CgroupParent = $"/{Parent}-other/x" };
        Cgroup group = ContainerCgroup.Make(_temporary.Engine, _id, asking, Host, CgroupLimits.None);
        string above = Path.GetDirectoryName(group.Paths[0])!;
        Process inside = Sleep();
        Assert.All(group.Paths, path => Enter(inside, path));
        using (Operation operation = Operation.Begin(_temporary.Engine.Folders, _id.Text))
        {
            Assert.Empty(Look(new CgroupLeftovers(_temporary.Engine)));
            operation.Complete();
        }

        string found = Assert.Single(Look(new CgroupLeftovers(_temporary.Engine)));

        Assert.Matches($"^cgroup {_id}: its container does not run; 1 process in {above}, ", found + ", ");
        Repair(new CgroupLeftovers(_temporary.Engine));
        Assert.True(inside.WaitForExit(10_000));
        Assert.Empty(Look(new CgroupLeftovers(_temporary.Engine)));
        Assert.Empty(CgroupPlaces.List(_temporary.Engine.Folders));
        Assert.All(group.Paths, static path => Assert.True(Directory.Exists(Path.GetDirectoryName(path))));
    }

    [Fact]
    public void What_is_written_down_of_a_cgroup_that_is_gone_or_cannot_be_read_goes()
    {
        string folder = Directory.CreateDirectory($"{_temporary.Run}/cgroups").FullName;
        var other = ContainerId.Create();
        File.WriteAllText($"{folder}/{_id}", $"v1 /sys/fs/cgroup/gone/{_id}\nend\n");
        File.WriteAllText($"{folder}/{other}", "nonsense");
        File.WriteAllText($"{folder}/foreign", "");

        Assert.Equal(
            new[] { $"cgroup {_id}: it is gone, and still written down", $"cgroup {other}: where it is cannot be read", "cgroup foreign: where it is cannot be read" }
                .Order(StringComparer.Ordinal),
            Look(new CgroupLeftovers(_temporary.Engine)));
        Repair(new CgroupLeftovers(_temporary.Engine));

        Assert.Empty(Look(new CgroupLeftovers(_temporary.Engine)));
        Assert.Empty(Directory.GetFileSystemEntries(folder));
    }

    [Fact]
    public void The_cgroup_of_a_container_that_is_being_made_is_not_touched()
    {
        Cgroup group = Host.Create(Parent, _id.Text, CgroupLimits.None);
        using Operation operation = Operation.Begin(_temporary.Engine.Folders, _id.Text);

        Assert.Empty(Look(new CgroupLeftovers(_temporary.Engine)));
        new CgroupLeftovers(_temporary.Engine).Repair([new("cgroup", _id.Text, "", true)]);

        Assert.All(group.Paths, path => Assert.True(Directory.Exists(path)));
    }

    [Fact]
    public void A_process_in_the_store_s_own_cgroup_is_killed_and_others_are_not()
    {
        Host.Create(Parent, _id.Text, CgroupLimits.None).Remove(TimeSpan.FromSeconds(10));
        Process stray = Sleep();
        Process other = Sleep();
        Enter(stray, Host.Hierarchies.First(hierarchy => !hierarchy.IsUnified || Host.Hierarchies.Count == 1).PathOf(Parent));

        Assert.Equal(
            [$"process {stray.Id}: sleep in the cgroup of the store itself, where it does not belong"],
            Look(new ProcessLeftovers(_temporary.Engine)));
        Repair(new ProcessLeftovers(_temporary.Engine));

        Assert.True(stray.WaitForExit(10_000));
        Assert.Empty(Look(new ProcessLeftovers(_temporary.Engine)));
        Assert.False(other.HasExited);
    }

    [Fact]
    public void Mounts_in_other_namespaces_are_taken_off_and_their_processes_live_on()
    {
        File.WriteAllText($"{_temporary.Root}/file", "");
        Directory.CreateDirectory($"{_temporary.Root}/../beside");
        Process viewer = Shell(
            $"mount --bind {_temporary.Root}/containers /mnt; mount --bind {_temporary.Root}/file /etc/hostname; "
            + $"mount --bind {_temporary.Root}/../beside /media; mount --bind {_temporary.Run} /opt");

        string[] found = Look(new MountLeftovers(_temporary.Engine));

        Assert.Equal(3, found.Length);
        Assert.All(found, line => Assert.Contains($"seen by process {viewer.Id} (", line, StringComparison.Ordinal));
        Assert.Matches($@"^mount /etc/hostname in mnt:\[\d+\]: it shows .*/root/file, ", found[0]);
        Repair(new MountLeftovers(_temporary.Engine));

        Assert.Empty(Look(new MountLeftovers(_temporary.Engine)));
        Assert.False(viewer.HasExited);
        Assert.Contains("/media", File.ReadAllText($"/proc/{viewer.Id}/mountinfo"), StringComparison.Ordinal);
    }

    [Fact]
    public void A_namespace_whose_root_is_a_dead_container_s_goes_with_its_processes()
    {
        foreach (string name in (string[])["lower", "upper", "work", "root"])
        {
            Directory.CreateDirectory($"{_temporary.Root}/containers/{_id}/{name}");
        }

        string folder = $"{_temporary.Root}/containers/{_id}";
        File.Copy("/usr/bin/busybox", $"{folder}/lower/busybox");
        Process viewer = Shell(
            $"mount -t tmpfs t {folder}/upper; mkdir {folder}/upper/u {folder}/upper/w; "
            + $"mount -t overlay o -o lowerdir={folder}/lower,upperdir={folder}/upper/u,workdir={folder}/upper/w {folder}/root; "
            + $"cd {folder}/root; mkdir old; pivot_root . old; /busybox umount -l /old",
            "/busybox sleep 60");

        Assert.Matches(
            $@"^mount mnt:\[\d+\]: the file system of a container that does not run, kept by process {viewer.Id} ",
            Assert.Single(Look(new MountLeftovers(_temporary.Engine))));
        Repair(new MountLeftovers(_temporary.Engine));

        Assert.True(viewer.WaitForExit(10_000));
        Assert.Empty(Look(new MountLeftovers(_temporary.Engine)));
    }

    [Fact]
    public void A_keeper_that_keeps_nothing_is_killed_and_one_of_another_store_is_not()
    {
        string program = $"{_temporary.Run}/../tare keeper";
        File.Copy("/bin/bash", program);
        File.WriteAllText($"{_temporary.Run}/../keeper", "while :; do read -t 1 <> <(:); done");
        Process ours = Keeper(program, _temporary.Run);
        Process theirs = Keeper(program, _temporary.Run + "2");

        string[] found = Until(() => Look(new KeeperLeftovers(_temporary.Engine)), static found => found.Length > 0);

        Assert.Equal([$"keeper {ours.Id}: it keeps no container"], found);
        Repair(new KeeperLeftovers(_temporary.Engine));
        Assert.True(ours.WaitForExit(10_000));
        Assert.Empty(Look(new KeeperLeftovers(_temporary.Engine)));
        Assert.False(theirs.HasExited);
    }

    private string[] Look(IConcern concern) =>
        [.. concern.Look(Inventory.Take(_temporary.Engine)).Select(static f => $"{f.Kind} {f.Subject}: {f.Text}").Order(StringComparer.Ordinal)];

    private void Repair(IConcern concern) => concern.Repair([.. concern.Look(Inventory.Take(_temporary.Engine))]);

    private static void Enter(Process process, string group) =>
        File.WriteAllText($"{group}/cgroup.procs", process.Id.ToString(CultureInfo.InvariantCulture));

    private Process Sleep() => Start("sleep", "60");

    /// <summary>A shell in a mount namespace of its own, once the script is done.</summary>
    private Process Shell(string script, string then = "exec sleep 60")
    {
        Process process = Start("unshare", "-m", "--propagation", "private", "sh", "-ec", $"{script}; echo ready; {then}");
        Assert.Equal("ready", process.StandardOutput.ReadLine());
        return process;
    }

    /// <summary>bash calls itself as its file, and takes <c>keeper</c> for its script.</summary>
    private Process Keeper(string program, string run)
    {
        var start = new ProcessStartInfo("bash", ["-c", $"exec -a tare '{program}' keeper {run}"]) { WorkingDirectory = Path.GetDirectoryName(program) };
        _started.Add(Process.Start(start)!);
        return _started[^1];
    }

    private Process Start(string program, params string[] args)
    {
        _started.Add(Process.Start(new ProcessStartInfo(program, args) { RedirectStandardOutput = true })!);
        return _started[^1];
    }

    private static T Until<T>(Func<T> look, Func<T, bool> isSo)
    {
        T seen = look();
        for (int i = 0; i < 500 && !isSo(seen); i++)
        {
            Thread.Sleep(10);
            seen = look();
        }

        return seen;
    }
}
