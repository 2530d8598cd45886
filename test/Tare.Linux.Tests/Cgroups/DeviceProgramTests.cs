// SPDX-License-Identifier: Apache-2.0
using System.Buffers.Binary;
using Tare.Linux.Cgroups;

namespace Tare.Linux.Tests.Cgroups;

public sealed class DeviceProgramTests
{
    private static readonly uint?[] Numbers = [null, 0, 1, 3, 255];

    [Fact]
    public void Any_rules_decide_every_access_as_they_read()
    {
        for (int seed = 0; seed < 300; seed++)
        {
            Random random = new(seed);
            DeviceRule[] rules = [.. Enumerable.Range(0, random.Next(12)).Select(_ => new DeviceRule(
                random.Next(2) == 0,
                (DeviceRuleKind)random.Next(3),
                Numbers[random.Next(Numbers.Length)],
                Numbers[random.Next(Numbers.Length)],
                (DeviceAccess)random.Next(1, 8)))];
            byte[] program = DeviceProgram.Compile(rules);

            foreach ((DeviceRuleKind kind, uint major, uint minor, DeviceAccess access) in Requests())
            {
                bool isAllowed = Run(program, (uint)kind | ((uint)access << 16), major, minor);
                Assert.True(Decide(rules, kind, major, minor, access) == isAllowed, $"seed {seed}");
            }
        }
    }

    [Fact]
    public void Without_rules_nothing_is_allowed() =>
        Assert.All(Requests(), request => Assert.False(
            Run(DeviceProgram.Compile([]), (uint)request.Kind | ((uint)request.Access << 16), request.Major, request.Minor)));

    [Fact]
    public void Too_many_rules_are_refused() =>
        Assert.Throws<LinuxException>(() =>
            DeviceProgram.Compile(Enumerable.Repeat(DeviceRule.Everything(true), DeviceProgram.MaxRules + 1).ToArray()));

    [Fact]
    public void Lines_for_v1_name_kind_numbers_and_access()
    {
        DeviceRule rule = new(true, DeviceRuleKind.All, 136, null, DeviceRule.AllAccess);

        Assert.Equal("c 136:* rwm", rule.ToLine(DeviceRuleKind.Character));
        Assert.Equal("b 136:* rwm", rule.ToLine(DeviceRuleKind.Block));
        Assert.False(rule.IsEverything);
        Assert.True(DeviceRule.Everything(false).IsEverything);
    }

    private static IEnumerable<(DeviceRuleKind Kind, uint Major, uint Minor, DeviceAccess Access)> Requests() =>
        from kind in (DeviceRuleKind[])[DeviceRuleKind.Block, DeviceRuleKind.Character]
        from major in (uint[])[0, 1, 3, 254, 255]
        from minor in (uint[])[0, 1, 3, 255, 1_000_000]
        from access in Enumerable.Range(1, 7)
        select (kind, major, minor, (DeviceAccess)access);

    private static bool Decide(DeviceRule[] rules, DeviceRuleKind kind, uint major, uint minor, DeviceAccess access)
    {
        DeviceAccess allowed = DeviceAccess.None;
        foreach (DeviceRule rule in rules)
        {
            if ((rule.Kind == DeviceRuleKind.All || rule.Kind == kind)
                && (rule.Major ?? major) == major && (rule.Minor ?? minor) == minor)
            {
                allowed = rule.IsAllowed ? allowed | rule.Access : allowed & ~rule.Access;
            }
        }

        return (access & ~allowed) == 0;
    }

    private static bool Run(byte[] program, uint accessType, uint major, uint minor)
    {
        uint[] context = [accessType, major, minor];
        uint[] register = new uint[11];
        for (int pc = 0; ; pc++)
        {
            ReadOnlySpan<byte> one = program.AsSpan(pc * 8, 8);
            int target = one[1] & 15;
            int source = one[1] >> 4;
            int offset = BinaryPrimitives.ReadInt16LittleEndian(one[2..]);
            uint operand = BinaryPrimitives.ReadUInt32LittleEndian(one[4..]);
            switch (one[0])
            {
                case 0x61:
                    register[target] = context[offset / 4];
                    break;
                case 0xB7:
                    register[target] = operand;
                    break;
                case 0xBC:
                    register[target] = register[source];
                    break;
                case 0x54:
                    register[target] &= operand;
                    break;
                case 0x74:
                    register[target] >>= (int)operand;
                    break;
                case 0x56:
                    pc += register[target] != operand ? offset : 0;
                    break;
                case 0x16:
                    pc += register[target] == operand ? offset : 0;
                    break;
                case 0x95:
                    return register[0] == 1;
                default:
                    throw new InvalidOperationException($"code {one[0]:x}");
            }
        }
    }
}
