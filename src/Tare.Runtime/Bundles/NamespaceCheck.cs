// SPDX-License-Identifier: Apache-2.0
using Tare.Oci;
using Tare.Oci.Runtime;
using Tare.Runtime.Planning;

namespace Tare.Runtime.Bundles;

/// <summary>Namespaces, and what can be said of a container only when it has one of its own.</summary>
/// <remarks>runtime-spec v1.3 config-linux.md#namespaces</remarks>
internal static class NamespaceCheck
{
    private const uint NanosecondsOfSecond = 1_000_000_000;
    private const int MaxDeviceName = 15;

    private static readonly string[] Clocks = ["monotonic", "boottime"];

    public static void Check(LinuxSpec linux)
    {
        CheckNamespaces(linux.Namespaces);
        CheckUsers(linux);
        CheckTime(linux);
        CheckNetDevices(linux);
        foreach ((string name, string value) in linux.Sysctl ?? new Dictionary<string, string>())
        {
            CheckSysctl(name, value, linux);
        }
    }

    private static void CheckNamespaces(IReadOnlyList<Namespace>? spaces)
    {
        var seen = new HashSet<NamespaceType>();
        for (int i = 0; i < spaces?.Count; i++)
        {
            if (!seen.Add(spaces[i].Type))
            {
                throw SpecFault.At(
                    $"linux.namespaces[{i}].type", $"the {NamespaceFlags.Name(spaces[i].Type)} namespace is there twice");
            }

            if (spaces[i].Path is { } path)
            {
                SpecFault.WantAbsolute($"linux.namespaces[{i}].path", path);
            }
        }
    }

    private static void CheckUsers(LinuxSpec linux)
    {
        IdMappingCheck.Check(linux.UidMappings, "linux.uidMappings");
        IdMappingCheck.Check(linux.GidMappings, "linux.gidMappings");
        bool hasNew = linux.Namespaces?.Any(space => space is { Type: NamespaceType.User, Path: null }) ?? false;
        bool has = SpecCheck.Has(linux, NamespaceType.User);
        CheckUsers(linux.UidMappings, "linux.uidMappings", hasNew, has);
        CheckUsers(linux.GidMappings, "linux.gidMappings", hasNew, has);
    }

    private static void CheckUsers(IReadOnlyList<IdMapping>? mappings, string at, bool hasNew, bool has)
    {
        if (mappings is { Count: > 0 } ? !has : hasNew)
        {
            throw SpecFault.At(at, has ? "missing, though a user namespace is to be made" : "needs a user namespace in linux.namespaces");
        }
    }

    private static void CheckTime(LinuxSpec linux)
    {
        foreach ((string clock, TimeOffset offset) in linux.TimeOffsets ?? new Dictionary<string, TimeOffset>())
        {
            string at = $"linux.timeOffsets{ConfigPath.Key(clock)}";
            SpecFault.WantOneOf(at, "clock", clock, Clocks);
            SpecFault.WantWithin($"{at}.nanosecs", offset.Nanosecs, 0, NanosecondsOfSecond - 1);
            if (!(linux.Namespaces?.Any(space => space is { Type: NamespaceType.Time, Path: null }) ?? false))
            {
                throw SpecFault.At(at, "needs a new time namespace in linux.namespaces");
            }
        }
    }

    private static void CheckNetDevices(LinuxSpec linux)
    {
        var names = new HashSet<string>(StringComparer.Ordinal);
        foreach ((string device, NetDevice inside) in linux.NetDevices ?? new Dictionary<string, NetDevice>())
        {
            string at = $"linux.netDevices{ConfigPath.Key(device)}";
            string name = string.IsNullOrEmpty(inside.Name) ? device : inside.Name;
            WantDeviceName(at, device);
            WantDeviceName($"{at}.name", WithNumber(name));
            if (!names.Add(name))
            {
                throw SpecFault.At($"{at}.name", $"{Quoted.Text(name)} is there twice");
            }

            if (!SpecCheck.Has(linux, NamespaceType.Network))
            {
                throw SpecFault.At(at, "needs a network namespace in linux.namespaces");
            }
        }
    }

    /// <summary>"a template by inserting %d in the new name"</summary>
    private static string WithNumber(string name)
    {
        int place = name.IndexOf("%d", StringComparison.Ordinal);
        return place < 0 ? name : $"{name[..place]}0{name[(place + 2)..]}";
    }

    private static void WantDeviceName(string at, string name)
    {
        if (name.Length is 0 or > MaxDeviceName || name is "." or ".." || name.Any(c => c is '/' or ':' or '%' || char.IsWhiteSpace(c)))
        {
            throw SpecFault.At(at, $"{Quoted.Text(name)} is no name of a network device");
        }
    }

    private static void CheckSysctl(string name, string value, LinuxSpec linux)
    {
        string at = $"linux.sysctl{ConfigPath.Key(name)}";
        NamespaceType type = SysctlScope.Of(name) ?? throw SpecFault.At(at, "belongs to no namespace");
        if (!SpecCheck.Has(linux, type))
        {
            throw SpecFault.At(at, $"needs a {NamespaceFlags.Name(type)} namespace in linux.namespaces");
        }

        if (value.Contains('\n', StringComparison.Ordinal))
        {
            throw SpecFault.At(at, "a line feed in the value");
        }
    }
}
