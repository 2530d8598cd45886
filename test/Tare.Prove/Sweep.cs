// SPDX-License-Identifier: Apache-2.0
using System.Runtime.InteropServices;
using System.Text;
using Tare.Linux;
using Tare.Linux.Files;
using Tare.Linux.Processes;
using Tare.Oci.Runtime;
using Tare.Runtime.Planning;
using HostMount = Tare.Linux.Mounts.Mount;
using HostRoot = Tare.Linux.Files.Root;

namespace Tare.Prove;

/// <summary>Starts a container once for each system call of its program, with that call failing; nothing may remain.</summary>
/// <remarks>Needs root and a static busybox; the root file system is a detached tmpfs, so the host has no trace of it.</remarks>
internal static class Sweep
{
    private const int NoSuchCall = 1000;
    private const string Busybox = "/bin/busybox";

    public static int Run()
    {
        LaunchPlan plan = LaunchPlan.Compile(Spec(), Host());
        byte[] sound = plan.ToProgram();
        int calls = LaunchProgram.Read(sound).Calls.Length;
        string before = Remains();
        int wrong = Expect(Launch(plan, sound) is null, "the whole program fails");
        int failed = 0;
        for (int call = 0; call < calls; call++)
        {
            if (Broken(sound, call, out int step) is { } program)
            {
                LaunchError? error = Launch(plan, program);
                bool isTold = error is not null && error.Message.Contains("function not implemented", StringComparison.Ordinal);
                wrong += Expect(isTold, $"call {call} of '{plan.Steps[step].Action}': {error?.Message ?? "no failure"}");
                failed++;
            }
        }

        wrong += Expect(Remains() == before, $"left behind: {Remains()}\nbefore: {before}");
        Console.WriteLine($"sweep {calls} calls, {failed} failed in turn, {wrong} wrong");
        return wrong == 0 ? 0 : 1;
    }

    private static int Expect(bool holds, string otherwise)
    {
        if (!holds)
        {
            Console.Error.WriteLine(otherwise);
        }

        return holds ? 0 : 1;
    }

    /// <summary>The program with one call that the kernel does not know; null for entries that are not calls.</summary>
    private static byte[]? Broken(byte[] sound, int call, out int step)
    {
        byte[] program = [.. sound];
        ProgramHeader header = MemoryMarshal.Read<ProgramHeader>(program);
        Span<CallRecord> records = MemoryMarshal.Cast<byte, CallRecord>(program.AsSpan(header.CallsOffset));
        ref CallRecord record = ref records[call];
        step = record.Step;
        if (record.Number < 0 || Tolerates(record))
        {
            return null;
        }

        record.Number = NoSuchCall;
        record.GuardSlot = -1;
        return program;
    }

    private static unsafe bool Tolerates(CallRecord record)
    {
        bool tolerates = false;
        for (int i = 0; i < CallRecord.MaxTolerated; i++)
        {
            tolerates |= record.Tolerated[i] == (ushort)Errno.ENOSYS;
        }

        return tolerates;
    }

    private static LaunchError? Launch(LaunchPlan plan, byte[] program)
    {
        List<Fd?> given = [.. plan.Given.Select(Open)];
        try
        {
            using Launched launched = Launcher.Start(LaunchProgram.Read(program), plan.Namespaces, [.. given]);
            if (launched.Complete() is { } failure)
            {
                return plan.Explain(failure);
            }

            int code = launched.Pidfd.Wait().ShellCode;
            Expect(code == 0, $"the container ended with {code}");
            return null;
        }
        finally
        {
            given.ForEach(fd => fd?.Dispose());
        }
    }

    private static Fd? Open(GivenFd given) => given.Kind switch
    {
        GivenKind.Stdin or GivenKind.Stdout or GivenKind.Stderr => HostFile("/dev/null", OpenFlags.ReadWrite),
        GivenKind.Rootfs => RootFileSystem(),
        GivenKind.Bind => Copy(given.Subject),
        _ => null,
    };

    private static Fd RootFileSystem()
    {
        using Tare.Linux.Mounts.FileSystemContext context = new("tmpfs");
        Fd mount = context.Create();
        using HostRoot root = HostRoot.From(mount.Duplicate());
        root.MakeDirectories("bin"u8, 0x1ed).Dispose();
        return mount;
    }

    private static Fd Copy(string path)
    {
        using Fd place = HostFile(path, OpenFlags.Path);
        return HostMount.Clone(place);
    }

    private static Fd HostFile(string path, OpenFlags flags)
    {
        using HostRoot root = HostRoot.Open("/");
        return root.Resolve(Encoding.UTF8.GetBytes(path), flags);
    }

    private static string Remains()
    {
        string mounts = System.IO.File.ReadAllText("/proc/self/mountinfo");
        string children = System.IO.File.ReadAllText($"/proc/self/task/{Environment.ProcessId}/children");
        int descriptors = System.IO.Directory.GetFiles("/proc/self/fd").Length;
        return $"{mounts}children '{children}' descriptors {descriptors}";
    }

    private static PlanHost Host() => new()
    {
        Bounding = Capabilities.BoundingSet(),
        Permitted = Capabilities.BoundingSet(),
        FileBinds = new HashSet<int> { 6 },
    };

    private static Spec Spec() => new(Tare.Oci.Runtime.Spec.CurrentVersion)
    {
        Process = new Process("/tmp/work/..")
        {
            Args = ["busybox", "true"],
            Env = ["PATH=/nowhere:/bin"],
            User = new ProcessUser(1000, 1000) { AdditionalGids = [1000, 44] },
            Capabilities = new CapabilitySets { Bounding = ["CAP_CHOWN"] },
            OomScoreAdj = 100,
            Rlimits = [new("RLIMIT_NOFILE", 1024, 1024)],
        },
        Root = new Tare.Oci.Runtime.Root("rootfs") { Readonly = true },
        Hostname = "sweep",
        Mounts =
        [
            new("/proc") { Type = "proc" },
            new("/dev") { Type = "tmpfs", Options = ["nosuid", "mode=755"] },
            new("/dev/pts") { Type = "devpts", Options = ["newinstance", "ptmxmode=0666"] },
            new("/sys") { Type = "sysfs", Options = ["ro", "nosuid"] },
            new("/sys/fs/cgroup") { Type = "cgroup", Options = ["ro"] },
            new("/tmp/work") { Type = "tmpfs", Options = ["size=1m"] },
            new(Busybox) { Type = "bind", Source = Busybox, Options = ["bind", "ro", "rprivate"] },
            new("/data") { Type = "bind", Source = "/etc", Options = ["bind", "rro"] },
        ],
        Linux = new LinuxSpec
        {
            Namespaces = [.. Enum.GetValues<NamespaceType>()
                .Where(type => type is not NamespaceType.User)
                .Select(type => new Namespace(type))],
            MaskedPaths = ["/proc/keys", "/proc/acpi", "/sys/firmware"],
            ReadonlyPaths = ["/proc/sys"],
            Sysctl = new Dictionary<string, string> { ["net.ipv4.ip_forward"] = "1" },
            Seccomp = new SeccompSpec(SeccompAction.Errno)
            {
                Syscalls = [new(["execve", "capset", "brk", "mmap", "exit_group", "arch_prctl", "set_tid_address",
                    "set_robust_list", "rseq", "prlimit64", "readlinkat", "readlink", "getrandom", "mprotect", "getuid",
                    "prctl", "rt_sigprocmask", "newfstatat", "fstat", "setuid", "setgid", "getgid"], SeccompAction.Allow)],
            },
        },
    };
}
