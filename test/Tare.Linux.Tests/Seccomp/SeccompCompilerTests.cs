// SPDX-License-Identifier: Apache-2.0
using Tare.Linux.Seccomp;

namespace Tare.Linux.Tests.Seccomp;

public sealed class SeccompCompilerTests
{
    private const uint X32Bit = 0x40000000;

    private static readonly ulong[] InterestingValues =
    [
        0, 1, 2, 8, 37, 38, 39, 40, 41, 0x20000, 0x20008, 0x7E020000, 0x7E020000 | 17, 0x10000000, 0xFFFFFFFF,
        0x1_00000000, 0x1_00000026, 0x1_00000028, 0xFFFFFFFF_FFFFFFFF, 0x80000000_00000000,
    ];

    [Theory]
    [InlineData(false, false)]
    [InlineData(false, true)]
    [InlineData(true, false)]
    [InlineData(true, true)]
    public void Docker_s_profile_decides_every_call_as_its_rules_read(bool isArm, bool isAdmin)
    {
        SeccompFilter filter = DockerProfile.Resolve(
            isArm, isAdmin ? [.. DockerProfile.DefaultCapabilities, "CAP_SYS_ADMIN"] : DockerProfile.DefaultCapabilities);

        AgreesWithReference(filter);
    }

    [Fact]
    public void Any_rules_decide_every_call_as_they_read()
    {
        for (int seed = 0; seed < 100; seed++)
        {
            AgreesWithReference(RandomFilter(new Random(seed)), numberStep: 1 + (seed % 7));
        }
    }

    [Fact]
    public void Long_argument_lists_are_reached_by_long_jumps()
    {
        SeccompComparison[][] many = [.. Enumerable.Range(0, 120).Select(i =>
            new[] { new SeccompComparison(i % 6, SeccompOperator.Equal, 0x5_00000000ul + (ulong)i) })];
        SeccompFilter filter = new(
            SeccompVerdict.Fail(Errno.EPERM),
            [SeccompArchitecture.X86_64, SeccompArchitecture.I386],
            [.. many.Select(arguments => new SeccompRule(["read", "mount", "write"], SeccompVerdict.Allow, arguments))]);

        AgreesWithReference(filter);
    }

    [Fact]
    public void A_filter_that_the_kernel_would_not_take_is_refused()
    {
        SeccompRule[] rules = [.. Enumerable.Range(0, 3000).Select(i => new SeccompRule(
            ["read"], SeccompVerdict.Allow, [new SeccompComparison(0, SeccompOperator.Equal, (ulong)i)]))];
        SeccompFilter filter = new(SeccompVerdict.KillProcess, [SeccompArchitecture.X86_64], rules);

        LinuxException e = Assert.Throws<LinuxException>(() => SeccompCompiler.Compile(filter));
        Assert.Equal(Errno.E2BIG, e.Errno);
    }

    [Fact]
    public void An_architecture_that_is_not_listed_is_killed()
    {
        SeccompFilter filter = new(SeccompVerdict.Trap, [SeccompArchitecture.X86_64], []);
        BpfMachine machine = new(SeccompCompiler.Compile(filter));

        Assert.Equal(SeccompVerdict.KillProcess.Word, machine.Run(1, SeccompArchitecture.I386.AuditValue(), []));
        Assert.Equal(SeccompVerdict.KillProcess.Word, machine.Run(X32Bit | 1, SeccompArchitecture.X32.AuditValue(), []));
        Assert.Equal(
            SeccompVerdict.Fail(Errno.ENOSYS).Word,
            machine.Run(uint.MaxValue, SeccompArchitecture.X86_64.AuditValue(), []));
    }

    [Fact]
    public void A_filter_that_only_denies_some_calls_allows_those_it_does_not_know()
    {
        SeccompFilter filter = new(
            SeccompVerdict.Allow, [SeccompArchitecture.X86_64], [new(["getppid"], SeccompVerdict.Fail(1), [])]);
        BpfMachine machine = new(SeccompCompiler.Compile(filter));

        Assert.Equal(SeccompVerdict.Allow.Word, machine.Run(2000, SeccompArchitecture.X86_64.AuditValue(), []));
    }

    [Fact]
    public void X32_alone_kills_x86_64()
    {
        SeccompFilter filter = new(
            SeccompVerdict.Fail(Errno.EPERM), [SeccompArchitecture.X32], [new(["read"], SeccompVerdict.Allow, [])]);
        BpfMachine machine = new(SeccompCompiler.Compile(filter));

        Assert.Equal(SeccompVerdict.Allow.Word, machine.Run(X32Bit, SeccompArchitecture.X32.AuditValue(), []));
        Assert.Equal(SeccompVerdict.KillProcess.Word, machine.Run(0, SeccompArchitecture.X86_64.AuditValue(), []));
    }

    [Fact]
    public void Denied_calls_get_EPERM_and_newer_ones_ENOSYS()
    {
        BpfMachine machine = Docker(DockerProfile.DefaultCapabilities);
        uint Word(int number) => machine.Run((uint)number, SeccompArchitecture.X86_64.AuditValue(), []);

        Assert.Equal(SeccompVerdict.Fail(Errno.EPERM).Word, Word(165));     // mount
        Assert.Equal(SeccompVerdict.Fail(Errno.ENOSYS).Word, Word(435));    // clone3
        Assert.Equal(SeccompVerdict.Allow.Word, Word(0));
        Assert.Equal(SeccompVerdict.Fail(Errno.ENOSYS).Word, Word(600));
        Assert.Equal(SeccompVerdict.Fail(Errno.ENOSYS).Word, Word(-1));
    }

    [Fact]
    public void High_bits_that_the_kernel_drops_do_not_pass_a_forbidden_socket_family()
    {
        BpfMachine machine = Docker(DockerProfile.DefaultCapabilities);

        foreach (ulong family in new ulong[] { 38, 40, 0x1_00000026, 0xFFFFFFFF_00000028 })
        {
            uint word = machine.Run(41, SeccompArchitecture.X86_64.AuditValue(), [family, 0, 0, 0, 0, 0]);
            Assert.Equal(SeccompVerdict.Fail(Errno.EPERM).Word, word);
        }
    }

    [Fact]
    public void A_call_costs_a_dozen_instructions_and_allowed_ones_are_constant_to_the_kernel()
    {
        BpfMachine machine = Docker(DockerProfile.DefaultCapabilities);
        int steps = 0;
        for (uint number = 0; number < 450; number++)
        {
            uint word = machine.Run(number, SeccompArchitecture.X86_64.AuditValue(), new ulong[6]);
            bool hasArguments = number is 41 or 56 or 135;
            Assert.True(hasArguments || machine.IsConstant || word != SeccompVerdict.Allow.Word, $"call {number}");
            Assert.InRange(machine.Steps, 3, 20);
            steps += machine.Steps;
        }

        Assert.InRange(steps / 450, 3, 12);
        Assert.InRange(machine.Length, 100, 450);
    }

    private static BpfMachine Docker(string[] capabilities) =>
        new(SeccompCompiler.Compile(DockerProfile.Resolve(isArm: false, capabilities)));

    private static void AgreesWithReference(SeccompFilter filter, int numberStep = 1)
    {
        BpfMachine machine = new(SeccompCompiler.Compile(filter));
        ulong[] arguments = new ulong[6];
        int turn = 0;
        foreach (SeccompArchitecture architecture in filter.Architectures)
        {
            SeccompReference reference = new(filter, architecture);
            uint bit = architecture == SeccompArchitecture.X32 ? X32Bit : 0;
            foreach (int number in Numbers(numberStep))
            {
                Func<ulong[], SeccompVerdict> decide = reference.Decide(number);
                for (int i = 0; i < InterestingValues.Length; i++)
                {
                    for (int j = 0; j < arguments.Length; j++)
                    {
                        ulong value = InterestingValues[(i + (j * turn)) % InterestingValues.Length];
                        arguments[j] = architecture.Has32BitRegisters() ? (uint)value : value;
                    }

                    turn++;
                    uint expected = decide(arguments).Word;
                    uint word = machine.Run((uint)number | bit, architecture.AuditValue(), arguments);
                    if (expected != word)
                    {
                        Assert.Fail($"{architecture} {number} ({string.Join(' ', arguments)}): {word:x}, not {expected:x}");
                    }
                }
            }
        }
    }

    private static IEnumerable<int> Numbers(int step)
    {
        for (int number = 0; number < 600; number += step)
        {
            yield return number;
        }

        for (int number = SystemCallTable.FirstPrivate - 1; number < SystemCallTable.FirstPrivate + 9; number++)
        {
            yield return number;
        }
    }

    private static SeccompFilter RandomFilter(Random random)
    {
        SeccompArchitecture[][] sets =
        [
            [SeccompArchitecture.X86_64, SeccompArchitecture.I386, SeccompArchitecture.X32],
            [SeccompArchitecture.Aarch64, SeccompArchitecture.Arm],
            [SeccompArchitecture.Arm],
            [SeccompArchitecture.I386, SeccompArchitecture.X32, SeccompArchitecture.X86_64],
        ];
        SeccompVerdict[] verdicts =
            [SeccompVerdict.Allow, SeccompVerdict.Fail(1), SeccompVerdict.Fail(38), SeccompVerdict.Log, SeccompVerdict.Trap];
        SeccompRule[] rules = [.. Enumerable.Range(0, random.Next(1, 30)).Select(_ => new SeccompRule(
            [.. Enumerable.Range(0, random.Next(1, 12)).Select(_ => RandomName(random))],
            verdicts[random.Next(verdicts.Length)],
            [.. Enumerable.Range(0, Math.Max(0, random.Next(-2, 4))).Select(_ => RandomComparison(random))]))];
        return new(verdicts[random.Next(verdicts.Length)], sets[random.Next(sets.Length)], rules)
        {
            Newer = random.Next(3) == 0 ? null : SeccompVerdict.Fail(Errno.ENOSYS),
            Known = [RandomName(random)],
        };
    }

    // sync_file_range2 is left out: on arm it is a second name of arm_sync_file_range
    private static string RandomName(Random random)
    {
        string[] favourites = ["socket", "clone", "personality", "read", "openat", "mount", "no_such_call", "set_tls", "ioctl"];
        return random.Next(4) == 0
            ? favourites[random.Next(favourites.Length)]
            : Name(random.Next(SystemCallTable.Count)).Replace("sync_file_range2", "sync", StringComparison.Ordinal);
    }

    private static string Name(int index) => System.Text.Encoding.ASCII.GetString(SystemCallTable.Name(index));

    private static SeccompComparison RandomComparison(Random random) => new(
        random.Next(6),
        (SeccompOperator)random.Next(7),
        InterestingValues[random.Next(InterestingValues.Length)],
        random.Next(2) == 0 ? 0 : InterestingValues[random.Next(InterestingValues.Length)]);
}
