// SPDX-License-Identifier: Apache-2.0
using Tare.Linux.Cgroups;
using Tare.Oci;
using LinuxRule = Tare.Linux.Cgroups.DeviceRule;
using SpecRule = Tare.Oci.Runtime.DeviceRule;

namespace Tare.Runtime.Planning;

/// <summary>Device rules of a spec as those of a cgroup.</summary>
/// <remarks>runtime-spec v1.3 config-linux.md#allowed-device-list</remarks>
internal static class DeviceRuleTranslation
{
    /// <exception cref="TareException">InvalidArgument for a rule that is none</exception>
    public static IReadOnlyList<LinuxRule> Rules(IReadOnlyList<SpecRule> rules) => [.. rules.Select(Rule)];

    private static LinuxRule Rule(SpecRule rule) => new(
        rule.Allow,
        rule.Type switch
        {
            "c" or "u" => DeviceRuleKind.Character,
            "b" => DeviceRuleKind.Block,
            "a" or null or "" => DeviceRuleKind.All,
            string other => throw Invalid($"device type '{other}' is not a, b, c or u"),
        },
        Number(rule.Major),
        Number(rule.Minor),
        Access(rule.Access));

    private static uint? Number(long? number) => number switch
    {
        null or -1 => null,
        >= 0 and <= uint.MaxValue => (uint)number,
        _ => throw Invalid($"device number {number} is out of range"),
    };

    private static DeviceAccess Access(string? letters)
    {
        if (string.IsNullOrEmpty(letters))
        {
            return LinuxRule.AllAccess;
        }

        DeviceAccess access = DeviceAccess.None;
        foreach (char letter in letters)
        {
            access |= letter switch
            {
                'r' => DeviceAccess.Read,
                'w' => DeviceAccess.Write,
                'm' => DeviceAccess.MakeNode,
                _ => throw Invalid($"device access '{letters}' is not made of r, w and m"),
            };
        }

        return access;
    }

    private static TareException Invalid(string message) => new(ErrorKind.InvalidArgument, message);
}
