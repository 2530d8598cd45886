// SPDX-License-Identifier: Apache-2.0
using System.Diagnostics;
using System.Globalization;
using System.Text;
using Tare.Linux.Cgroups;
using Tare.Linux.Files;

namespace Tare.Linux.Tests.Cgroups;

[Trait("ring", "kernel")]
public sealed class CgroupKernelTests : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private readonly string _parent = $"tare-test-{Environment.ProcessId}-{Guid.NewGuid():N}";
    private readonly CgroupHost _host = CgroupHost.Detect();
    private readonly List<Cgroup> _made = [];
    private readonly List<Process> _started = [];

    public void Dispose()
    {
        foreach (Cgroup cgroup in _made)
        {
            cgroup.Kill();
        }

        foreach (Process process in _started)
        {
            process.Kill();
            process.WaitForExit();
            process.Dispose();
        }

        Assert.All(_made, cgroup => Assert.True(cgroup.Remove(Patience)));
        _host.RemoveParent(_parent);
        Assert.All(_host.Hierarchies, hierarchy => Assert.False(Directory.Exists(hierarchy.PathOf(_parent))));
    }

    [Fact]
    public void A_cgroup_is_made_in_every_hierarchy_and_leaves_none()
    {
        Cgroup cgroup = Create(CgroupLimits.None);

        Assert.Equal(_host.Hierarchies.Count, cgroup.Paths.Count);
        Assert.All(cgroup.Paths, path => Assert.True(Directory.Exists(path)));
        Assert.True(cgroup.Remove());
        Assert.All(cgroup.Paths, path => Assert.False(Directory.Exists(path)));
        Assert.True(cgroup.Remove());
    }

    [Fact]
    public async Task The_first_ones_of_a_parent_are_made_at_the_same_time()
    {
        const int AtOnce = 8;
        for (int round = 0; round < 10; round++)
        {
            using var line = new Barrier(AtOnce);
            Cgroup[] made = await Task.WhenAll(Enumerable.Range(0, AtOnce).Select(i => OnOwnThread(() =>
            {
                line.SignalAndWait();
                return CgroupHost.Detect().Create(_parent, $"c{i}", CgroupLimits.None);
            })));

            Assert.All(made, cgroup => Assert.All(cgroup.Paths, path => Assert.True(Directory.Exists(path), path)));
            Assert.All(made, cgroup => Assert.True(cgroup.Remove()));
            _host.RemoveParent(_parent);
        }
    }

    [Fact]
    public void The_kernel_takes_the_limits()
    {
        Cgroup cgroup = Create(new()
        {
            Memory = 64 << 20,
            MemoryAndSwap = 64 << 20,
            CpuShares = 512,
            CpuQuota = 20_000,
            CpuPeriod = 50_000,
            CpusetCpus = "0",
            Pids = 33,
        });

        Assert.Equal("67108864", Line(cgroup, "memory.limit_in_bytes", "memory.max"));
        Assert.Equal("33", Line(cgroup, "pids.max", "pids.max"));
        Assert.Equal("0", Line(cgroup, "cpuset.cpus", "cpuset.cpus"));
        Assert.Contains(Line(cgroup, "cpu.cfs_quota_us", "cpu.max"), (string[])["20000", "20000 50000"]);
    }

    [Fact]
    public void A_limit_can_be_raised_and_lowered_later()
    {
        Cgroup cgroup = Create(new() { Memory = 64 << 20, MemoryAndSwap = 64 << 20 });

        _host.Apply(cgroup, new() { Memory = 256 << 20, MemoryAndSwap = 256 << 20 });
        Assert.Equal("268435456", Line(cgroup, "memory.limit_in_bytes", "memory.max"));

        _host.Apply(cgroup, new() { Memory = 32 << 20, MemoryAndSwap = 32 << 20 });
        Assert.Equal("33554432", Line(cgroup, "memory.limit_in_bytes", "memory.max"));
    }

    [Fact]
    public void A_value_that_the_kernel_refuses_is_named_and_leaves_nothing()
    {
        LinuxException e = Assert.Throws<LinuxException>(
            () => _host.Create(_parent, "refused", new() { CpusetCpus = "4000" }));

        Assert.Contains("'4000' to ", e.Message, StringComparison.Ordinal);
        Assert.All(_host.Hierarchies, hierarchy => Assert.False(Directory.Exists(hierarchy.PathOf(_parent, "refused"))));
    }

    [Fact]
    public void A_process_that_writes_0_to_the_join_files_is_inside_and_dies_with_the_cgroup()
    {
        Cgroup cgroup = Create(new() { Pids = 50 });
        Process process = Join(cgroup, "sleep 1000 & sleep 1000 & wait");

        Assert.True(cgroup.HasProcesses());
        Assert.All(cgroup.Paths, path => Assert.Contains(
            process.Id.ToString(CultureInfo.InvariantCulture), File.ReadAllLines(Path.Combine(path, "cgroup.procs"))));
        Assert.InRange((int)cgroup.Usage().Processes, 1, 5);

        cgroup.Kill();
        process.WaitForExit();
        Assert.True(cgroup.WaitEmpty(Patience));
        Assert.True(cgroup.Remove(Patience));
    }

    [Fact]
    public void V1_alone_kills_by_signals()
    {
        Cgroup cgroup = Create(CgroupLimits.None);
        Cgroup v1 = new([.. cgroup.Paths.Where((_, i) => !_host.Hierarchies[i].IsUnified)]);
        if (v1.Paths.Count == 0)
        {
            return;
        }

        Process process = Join(cgroup, "for i in 1 2 3 4 5 6 7 8; do sleep 1000 & done; wait");
        v1.Kill();

        process.WaitForExit();
        Assert.True(v1.WaitEmpty(Patience));
    }

    [Fact]
    public void A_cgroup_in_use_is_not_removed_and_its_name_not_taken()
    {
        Cgroup cgroup = Create(CgroupLimits.None);
        Join(cgroup, "exec sleep 1000");

        Assert.False(cgroup.Remove());
        Assert.Equal(
            Errno.EBUSY, Assert.Throws<LinuxException>(() => _host.Create(_parent, Name(cgroup), CgroupLimits.None)).Errno);
    }

    [Fact]
    public void An_empty_leftover_is_replaced_with_what_is_below_it()
    {
        Cgroup cgroup = Create(CgroupLimits.None);
        foreach (string path in cgroup.Paths)
        {
            Directory.CreateDirectory(Path.Combine(path, "nested", "deeper"));
        }

        _host.Create(_parent, Name(cgroup), CgroupLimits.None);

        Assert.All(cgroup.Paths, path => Assert.False(Directory.Exists(Path.Combine(path, "nested"))));
    }

    [Fact]
    public async Task Of_what_is_removed_at_this_moment_nothing_is_frozen()
    {
        for (int i = 0; i < 300; i++)
        {
            Cgroup cgroup = Create(CgroupLimits.None);
            Task removal = Task.Run(() => cgroup.Remove(Patience), TestContext.Current.CancellationToken);
            Assert.True(cgroup.Thaw(Patience));
            await removal;
        }
    }

    [Fact]
    public void Frozen_processes_stand_still_until_they_are_thawed()
    {
        Cgroup cgroup = Create(CgroupLimits.None);
        Process process = Join(cgroup, "while :; do :; done");

        Assert.True(cgroup.Freeze(Patience));
        TimeSpan before = Used(process);
        Assert.True(cgroup.Freeze(Patience));
        Assert.Equal(before, Used(process));
        Assert.True(cgroup.Thaw(Patience));
    }

    [Fact]
    public void What_was_removed_meanwhile_is_not_frozen_any_more()
    {
        Cgroup cgroup = Create(CgroupLimits.None);
        Assert.True(cgroup.Remove(Patience));

        Assert.True(cgroup.Thaw(Patience));
        Assert.Equal(Errno.EOPNOTSUPP, Assert.Throws<LinuxException>(() => cgroup.Freeze(Patience)).Errno);
    }

    [Fact]
    public void Devices_that_no_rule_allows_cannot_be_opened()
    {
        Cgroup cgroup = Create(new() { Devices = OnlyNull });

        Assert.Equal("1 0", Opened(cgroup));
    }

    [Fact]
    public void The_device_program_of_v2_does_the_same()
    {
        int unified = _host.Hierarchies.ToList().FindIndex(hierarchy => hierarchy.IsUnified);
        Assert.SkipUnless(unified >= 0, "no unified hierarchy is mounted");
        Cgroup cgroup = Create(CgroupLimits.None);

        CgroupDevices.ReplaceV2(cgroup.Paths[unified], OnlyNull);

        Assert.Equal("1 0", Opened(cgroup));
    }

    [Fact]
    public void New_device_rules_take_the_place_of_the_old_ones()
    {
        int unified = _host.Hierarchies.ToList().FindIndex(hierarchy => hierarchy.IsUnified);
        Assert.SkipUnless(unified >= 0, "no unified hierarchy is mounted");
        Cgroup cgroup = Create(CgroupLimits.None);

        CgroupDevices.ReplaceV2(cgroup.Paths[unified], OnlyNull);
        CgroupDevices.ReplaceV2(cgroup.Paths[unified], [DeviceRule.Everything(isAllowed: true)]);
        Assert.Equal("1 1", Opened(cgroup));

        CgroupDevices.ReplaceV2(cgroup.Paths[unified], OnlyNull);
        Assert.Equal("1 0", Opened(cgroup));
    }

    [Fact]
    public void Burst_and_quota_and_idleness_are_taken_in_any_order()
    {
        Assert.SkipUnless(_host.Find(CgroupControllers.Cpu) is not null, "no cpu controller");
        Cgroup cgroup = Create(new() { CpuQuota = 20_000, CpuPeriod = 50_000, CpuBurst = 10_000 });

        _host.Apply(cgroup, new() { CpuQuota = 40_000, CpuBurst = 30_000 });
        Assert.Equal("30000", Line(cgroup, "cpu.cfs_burst_us", "cpu.max.burst"));

        _host.Apply(cgroup, new() { CpuQuota = 5_000, CpuPeriod = 10_000, CpuBurst = 0 });
        Assert.Equal("0", Line(cgroup, "cpu.cfs_burst_us", "cpu.max.burst"));

        _host.Apply(cgroup, new() { CpuIdle = 1, CpuShares = 512 });
        Assert.Equal("1", Line(cgroup, "cpu.idle", "cpu.idle"));
    }

    [Fact]
    public void A_path_is_made_with_its_ancestors_and_taken_away_with_those_that_were_made()
    {
        string above = $"{_parent}/above";
        Cgroup first = _host.CreateAt($"/{above}/first", new() { Pids = 50 });
        Cgroup second = _host.CreateAt($"{above}/second", CgroupLimits.None);

        Assert.Equal(3 * _host.Hierarchies.Count, first.Made!.Count);
        Assert.Equal(_host.Hierarchies.Count, second.Made!.Count);
        Assert.True(first.Remove());
        Assert.All(second.Paths, path => Assert.True(Directory.Exists(path)));
        Assert.True(_host.OpenAt($"{above}/second", second.Made).Remove());
        Assert.True(_host.OpenAt($"{above}/first", first.Made).Remove());
    }

    [Fact]
    public void A_cgroup_of_somebody_else_is_used_while_it_is_empty_and_stays()
    {
        Cgroup foreign = Create(CgroupLimits.None);
        string path = $"{_parent}/{Name(foreign)}";

        Cgroup cgroup = _host.CreateAt(path, new() { Pids = 50 });
        Assert.Empty(cgroup.Made!);
        Assert.True(cgroup.Remove());
        Assert.All(foreign.Paths, directory => Assert.True(Directory.Exists(directory)));

        Join(foreign, "exec sleep 1000");
        Assert.Equal(
            Errno.EBUSY, Assert.Throws<LinuxException>(() => _host.CreateAt(path, CgroupLimits.None)).Errno);
    }

    [Fact]
    public void Processes_of_a_nested_cgroup_can_run_in_it()
    {
        Cgroup cgroup = _host.CreateAt($"{_parent}/deep/deeper/deepest", new() { Memory = 64 << 20, CpusetCpus = "0" });
        _made.Add(cgroup);

        Process process = Join(cgroup, "exit 7");
        process.WaitForExit();

        Assert.Equal(7, process.ExitCode);
    }

    [Theory]
    [InlineData("/")]
    [InlineData("")]
    public void Below_a_parent_of_the_user_s_choice_a_cgroup_goes_alone(string begin)
    {
        Assert.Null(CgroupParent.TryRead($"{begin}{_parent}/tenant", out CgroupParent? parent));
        Cgroup place = _host.Below(parent!, "box");
        Assert.All(place.Paths, static path => Assert.False(Directory.Exists(path)));

        _host.CreateAt(place, new() { Pids = 50 });
        Join(place, "exec sleep 1000");
        _host.Apply(place, new() { Pids = 60 });

        Assert.All(place.Paths, path => Assert.EndsWith($"/{_parent}/tenant/box", path, StringComparison.Ordinal));
        Assert.True(_host.Find(CgroupControllers.Pids) is null || Line(place, "pids.max", "pids.max") == "60");
        Assert.True(place.HasProcesses());
        place.Kill();
        Assert.True(place.Remove(Patience));
        foreach (string above in place.Paths.Select(static path => Path.GetDirectoryName(path)!))
        {
            Assert.True(Directory.Exists(above));
            Directory.Delete(above);
            Directory.Delete(Path.GetDirectoryName(above)!);
        }
    }

    [Fact]
    public void Below_a_parent_that_cannot_be_nothing_stays()
    {
        Assert.Null(CgroupParent.TryRead($"/{_parent}/cgroup.procs/x", out CgroupParent? parent));

        LinuxException refused = Assert.Throws<LinuxException>(() => _host.CreateAt(_host.Below(parent!, "box"), CgroupLimits.None));

        Assert.Equal(Errno.ENOTDIR, refused.Errno);
        Assert.All(_host.Hierarchies, hierarchy => Assert.False(Directory.Exists(hierarchy.PathOf(_parent))));
    }

    [Theory]
    [InlineData("/")]
    [InlineData("a/../b")]
    [InlineData("./a")]
    public void A_path_is_made_of_names(string path) =>
        Assert.Equal(
            Errno.EINVAL, Assert.Throws<LinuxException>(() => _host.CreateAt(path, CgroupLimits.None)).Errno);

    [Fact]
    [Trait("ring", "unified")]
    public void Below_a_cgroup_with_processes_no_limit_is_promised()
    {
        Cgroup above = Create(CgroupLimits.None);
        Join(above, "exec sleep 1000");

        LinuxException e = Assert.Throws<LinuxException>(
            () => _host.CreateAt($"{_parent}/{Name(above)}/below", new() { Memory = 64 << 20 }));

        Assert.Equal(Errno.EBUSY, e.Errno);
        Assert.Contains("does not hand its memory controller down, as it has processes of its own", e.Message, StringComparison.Ordinal);
        Assert.False(Directory.Exists($"{above.Paths[0]}/below"));

        // not a tree of threads, in which its own processes could make no container either
        Assert.Equal("domain", CgroupFile.TryReadLine(above.Paths[0], "cgroup.type"));
    }

    [Fact]
    public void A_limit_that_this_kernel_has_not_is_refused_and_leaves_nothing()
    {
        CgroupLimits limits = new() { NetworkClass = 1 };
        Assert.SkipUnless(_host.Find(CgroupControllers.NetClass) is null, "this machine has it");

        Assert.Equal(
            Errno.EOPNOTSUPP, Assert.Throws<LinuxException>(() => _host.CreateAt($"{_parent}/x", limits)).Errno);
        Assert.All(_host.Hierarchies, hierarchy => Assert.False(Directory.Exists(hierarchy.PathOf(_parent))));
    }

    [Fact]
    public void Memory_over_the_limit_is_counted_as_an_out_of_memory_kill()
    {
        Assert.SkipUnless(_host.Find(CgroupControllers.Memory) is not null, "no memory controller");
        Cgroup cgroup = Create(new() { Memory = 8 << 20, MemoryAndSwap = 8 << 20 });

        Process process = Join(cgroup, "exec tail /dev/zero");
        process.WaitForExit();

        Assert.NotEqual(0, process.ExitCode);
        Assert.InRange(cgroup.OutOfMemoryKills() ?? 0, 1, 100);
    }

    private static IReadOnlyList<DeviceRule> OnlyNull =>
    [
        DeviceRule.Everything(isAllowed: false),
        new(true, DeviceRuleKind.Character, 1, 3, DeviceRule.AllAccess),
        new(true, DeviceRuleKind.All, 1, 9, DeviceRule.AllAccess),
        new(false, DeviceRuleKind.All, 1, 9, DeviceAccess.Write),
    ];

    /// <summary>"can open /dev/null, cannot open /dev/zero" is 1 0.</summary>
    private string Opened(Cgroup cgroup)
    {
        string result = Path.GetTempFileName();
        try
        {
            Join(cgroup, $$"""
                n=0; z=0
                (: < /dev/null) && n=1
                (: < /dev/zero) && z=1
                echo $n $z > {{result}}
                """).WaitForExit();
            return File.ReadAllText(result).Trim();
        }
        finally
        {
            File.Delete(result);
        }
    }

    private static Task<T> OnOwnThread<T>(Func<T> work) => Task.Factory.StartNew(
        work, TestContext.Current.CancellationToken, TaskCreationOptions.LongRunning, TaskScheduler.Default);

    private Cgroup Create(CgroupLimits limits)
    {
        Cgroup cgroup = _host.Create(_parent, $"c{_made.Count}", limits);
        _made.Add(cgroup);
        return cgroup;
    }

    private static string Name(Cgroup cgroup) => Path.GetFileName(cgroup.Paths[0]);

    private static string? Line(Cgroup cgroup, string v1, string v2) =>
        cgroup.Find(v1) is { } directory
            ? CgroupFile.TryReadLine(directory, v1)
            : CgroupFile.TryReadLine(cgroup.Find(v2)!, v2);

    /// <summary>The shell waits for a line; by then it is inside, as if it had written 0 itself.</summary>
    private Process Join(Cgroup cgroup, string script)
    {
        ProcessStartInfo start = new("/bin/sh")
        {
            ArgumentList = { "-c", "read go; " + script },
            RedirectStandardInput = true,
            RedirectStandardError = true,
        };
        Process process = Process.Start(start)!;
        _started.Add(process);
        byte[] id = Encoding.ASCII.GetBytes(process.Id.ToString(CultureInfo.InvariantCulture));
        foreach (Fd file in cgroup.OpenForJoin())
        {
            using (file)
            {
                file.Write(id);
            }
        }

        if (cgroup.HasUnified)
        {
            HostPath.WriteExisting($"{cgroup.Paths[0]}/cgroup.procs", id);
        }

        process.StandardInput.WriteLine("go");
        process.StandardInput.Flush();
        return process;
    }

    private static TimeSpan Used(Process process)
    {
        process.Refresh();
        return process.TotalProcessorTime;
    }
}
