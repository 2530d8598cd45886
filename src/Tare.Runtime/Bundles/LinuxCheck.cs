// SPDX-License-Identifier: Apache-2.0
using Tare.Oci;
using Tare.Oci.Runtime;
using Tare.Runtime.Planning;

namespace Tare.Runtime.Bundles;

/// <summary>The section <c>linux</c> of a config.</summary>
/// <remarks>runtime-spec v1.3 config-linux.md</remarks>
internal static class LinuxCheck
{
    /// <summary>Permissions and, as some writers put it in too, the kind of file.</summary>
    private const uint MaxFileMode = 0xffff;

    private static readonly string[] DeviceTypes = ["c", "b", "u", "p"];
    private static readonly string[] Domains = ["LINUX", "LINUX32"];

    /// <summary>With r as mount(8) has them; runc takes both.</summary>
    private static readonly string[] Propagations =
        ["private", "shared", "slave", "unbindable", "rprivate", "rshared", "rslave", "runbindable"];

    public static void Check(LinuxSpec linux)
    {
        NamespaceCheck.Check(linux);
        for (int i = 0; i < linux.Devices?.Count; i++)
        {
            CheckDevice(linux.Devices[i], $"linux.devices[{i}]");
        }

        CheckPaths(linux.MaskedPaths, "linux.maskedPaths");
        CheckPaths(linux.ReadonlyPaths, "linux.readonlyPaths");
        if (linux.CgroupsPath?.Split('/').Contains("..") ?? false)
        {
            throw SpecFault.At("linux.cgroupsPath", $"{Quoted.Text(linux.CgroupsPath)} leads upwards");
        }

        if (linux.RootfsPropagation is { Length: > 0 } word)
        {
            SpecFault.WantOneOf("linux.rootfsPropagation", "propagation", word, Propagations);
        }

        CheckPersonality(linux.Personality);
        CheckRdt(linux.IntelRdt);
        MemoryPolicyCheck.Check(linux.MemoryPolicy);
        ResourceCheck.Check(linux.Resources, "linux.resources");
        SeccompCheck.Check(linux.Seccomp);
    }

    private static void CheckDevice(Device device, string at)
    {
        SpecFault.WantOneOf($"{at}.type", "type of device", device.Type, DeviceTypes);
        SpecFault.WantAbsolute($"{at}.path", device.Path);
        if (device.Type != "p")
        {
            SpecFault.WantWithin($"{at}.major", device.Major, 0, DeviceNode.MaxMajor);
            SpecFault.WantWithin($"{at}.minor", device.Minor, 0, DeviceNode.MaxMinor);
        }

        SpecFault.WantWithin($"{at}.fileMode", device.FileMode ?? 0, 0, MaxFileMode);
        SpecFault.WantId($"{at}.uid", device.Uid ?? 0);
        SpecFault.WantId($"{at}.gid", device.Gid ?? 0);
    }

    private static void CheckPaths(IReadOnlyList<string>? paths, string at)
    {
        for (int i = 0; i < paths?.Count; i++)
        {
            SpecFault.WantAbsolute($"{at}[{i}]", paths[i]);
        }
    }

    private static void CheckPersonality(Personality? personality)
    {
        if (personality is null)
        {
            return;
        }

        SpecFault.WantOneOf("linux.personality.domain", "domain", personality.Domain, Domains);
        if (personality.Flags is { Count: > 0 })
        {
            throw SpecFault.At("linux.personality.flags[0]", $"unknown flag {Quoted.Text(personality.Flags[0])}");
        }
    }

    private static void CheckRdt(IntelRdt? rdt)
    {
        if (rdt?.ClosId is { } id && (id is "." or ".." || id.Contains('/', StringComparison.Ordinal)))
        {
            throw SpecFault.At("linux.intelRdt.closID", $"{Quoted.Text(id)} is not the name of a folder");
        }

        if (rdt?.MemBwSchema is { Length: > 0 } schema
            && (!schema.StartsWith("MB:", StringComparison.Ordinal) || schema.Contains('\n', StringComparison.Ordinal)))
        {
            throw SpecFault.At("linux.intelRdt.memBwSchema", $"want one line that begins with MB:, is {Quoted.Text(schema)}");
        }
    }
}
