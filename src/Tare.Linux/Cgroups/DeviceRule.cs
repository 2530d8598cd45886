// SPDX-License-Identifier: Apache-2.0
using System.Globalization;

namespace Tare.Linux.Cgroups;

/// <summary>Lets a container use some devices, or no longer; later rules change what earlier ones said.</summary>
/// <param name="IsAllowed">false takes the access away</param>
/// <param name="Kind">which tree of numbers</param>
/// <param name="Major">null: every</param>
/// <param name="Minor">null: every</param>
/// <param name="Access">what is given or taken away</param>
/// <remarks>runtime-spec config-linux.md#allowed-device-list; kernel admin-guide/cgroup-v1/devices.rst</remarks>
internal readonly record struct DeviceRule(
    bool IsAllowed, DeviceRuleKind Kind, uint? Major, uint? Minor, DeviceAccess Access)
{
    internal const DeviceAccess AllAccess = DeviceAccess.Read | DeviceAccess.Write | DeviceAccess.MakeNode;

    /// <summary>Everything, given or taken away.</summary>
    internal static DeviceRule Everything(bool isAllowed) => new(isAllowed, DeviceRuleKind.All, null, null, AllAccess);

    internal bool IsEverything => Kind == DeviceRuleKind.All && Major is null && Minor is null && Access == AllAccess;

    /// <summary>A line for devices.allow or devices.deny of v1, for one kind.</summary>
    internal string ToLine(DeviceRuleKind kind)
    {
        char letter = kind == DeviceRuleKind.Block ? 'b' : 'c';
        string access = ((Access & DeviceAccess.Read) != 0 ? "r" : "")
            + ((Access & DeviceAccess.Write) != 0 ? "w" : "")
            + ((Access & DeviceAccess.MakeNode) != 0 ? "m" : "");
        return $"{letter} {Text(Major)}:{Text(Minor)} {access}";
    }

    private static string Text(uint? number) => number?.ToString(CultureInfo.InvariantCulture) ?? "*";
}
