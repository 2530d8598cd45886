// SPDX-License-Identifier: Apache-2.0
namespace Tare.Oci.Runtime.Reading;

/// <summary>Reads a <see cref="LinuxSpec"/> without the serializer; see <see cref="SpecReader"/>.</summary>
internal static class LinuxReader
{
    public static LinuxSpec ReadLinux(ref FastTokens t)
    {
        IReadOnlyList<Namespace>? namespaces = null;
        IReadOnlyList<IdMapping>? uidMappings = null, gidMappings = null;
        IReadOnlyDictionary<string, TimeOffset>? timeOffsets = null;
        IReadOnlyList<Device>? devices = null;
        IReadOnlyDictionary<string, NetDevice>? netDevices = null;
        string? cgroupsPath = null, rootfsPropagation = null, mountLabel = null;
        Resources? resources = null;
        SeccompSpec? seccomp = null;
        IReadOnlyDictionary<string, string>? sysctl = null;
        IReadOnlyList<string>? maskedPaths = null, readonlyPaths = null;
        IntelRdt? intelRdt = null;
        MemoryPolicy? memoryPolicy = null;
        Personality? personality = null;
        for (ulong seen = t.Object(); t.Member();)
        {
            if (t.Is("namespaces"u8, ref seen)) namespaces = t.List(ReadNamespace);
            else if (t.Is("uidMappings"u8, ref seen)) uidMappings = t.List(SpecReader.ReadIdMapping);
            else if (t.Is("gidMappings"u8, ref seen)) gidMappings = t.List(SpecReader.ReadIdMapping);
            else if (t.Is("timeOffsets"u8, ref seen)) timeOffsets = t.Map(ReadTimeOffset);
            else if (t.Is("devices"u8, ref seen)) devices = t.List(ReadDevice);
            else if (t.Is("netDevices"u8, ref seen)) netDevices = t.Map(ReadNetDevice);
            else if (t.Is("cgroupsPath"u8, ref seen)) cgroupsPath = t.Text();
            else if (t.Is("resources"u8, ref seen)) resources = ResourcesReader.ReadResources(ref t);
            else if (t.Is("rootfsPropagation"u8, ref seen)) rootfsPropagation = t.Text();
            else if (t.Is("seccomp"u8, ref seen)) seccomp = SeccompReader.ReadSeccomp(ref t);
            else if (t.Is("sysctl"u8, ref seen)) sysctl = t.TextMap();
            else if (t.Is("maskedPaths"u8, ref seen)) maskedPaths = t.Texts();
            else if (t.Is("readonlyPaths"u8, ref seen)) readonlyPaths = t.Texts();
            else if (t.Is("mountLabel"u8, ref seen)) mountLabel = t.Text();
            else if (t.Is("intelRdt"u8, ref seen)) intelRdt = ReadIntelRdt(ref t);
            else if (t.Is("memoryPolicy"u8, ref seen)) memoryPolicy = ReadMemoryPolicy(ref t);
            else if (t.Is("personality"u8, ref seen)) personality = ReadPersonality(ref t);
            else t.GiveUp();
        }

        return new()
        {
            Namespaces = namespaces,
            UidMappings = uidMappings,
            GidMappings = gidMappings,
            TimeOffsets = timeOffsets,
            Devices = devices,
            NetDevices = netDevices,
            CgroupsPath = cgroupsPath,
            Resources = resources,
            RootfsPropagation = rootfsPropagation,
            Seccomp = seccomp,
            Sysctl = sysctl,
            MaskedPaths = maskedPaths,
            ReadonlyPaths = readonlyPaths,
            MountLabel = mountLabel,
            IntelRdt = intelRdt,
            MemoryPolicy = memoryPolicy,
            Personality = personality,
        };
    }

    private static Namespace ReadNamespace(ref FastTokens t)
    {
        NamespaceType? type = null;
        string? path = null;
        for (ulong seen = t.Object(); t.Member();)
        {
            if (t.Is("type"u8, ref seen)) type = ReadNamespaceType(ref t);
            else if (t.Is("path"u8, ref seen)) path = t.Text();
            else t.GiveUp();
        }

        return new(t.Need(type), path);
    }

    private static NamespaceType ReadNamespaceType(ref FastTokens t) =>
        t.Says("mount"u8) ? NamespaceType.Mount
        : t.Says("pid"u8) ? NamespaceType.Pid
        : t.Says("network"u8) ? NamespaceType.Network
        : t.Says("uts"u8) ? NamespaceType.Uts
        : t.Says("ipc"u8) ? NamespaceType.Ipc
        : t.Says("user"u8) ? NamespaceType.User
        : t.Says("cgroup"u8) ? NamespaceType.Cgroup
        : t.Says("time"u8) ? NamespaceType.Time
        : t.GiveUp<NamespaceType>();

    private static TimeOffset ReadTimeOffset(ref FastTokens t)
    {
        long secs = 0;
        uint nanosecs = 0;
        for (ulong seen = t.Object(); t.Member();)
        {
            if (t.Is("secs"u8, ref seen)) secs = t.Int64();
            else if (t.Is("nanosecs"u8, ref seen)) nanosecs = t.UInt32();
            else t.GiveUp();
        }

        return new(secs, nanosecs);
    }

    private static Device ReadDevice(ref FastTokens t)
    {
        string? type = null, path = null;
        long major = 0, minor = 0;
        uint? fileMode = null, uid = null, gid = null;
        for (ulong seen = t.Object(); t.Member();)
        {
            if (t.Is("type"u8, ref seen)) type = t.Text();
            else if (t.Is("path"u8, ref seen)) path = t.Text();
            else if (t.Is("major"u8, ref seen)) major = t.Int64();
            else if (t.Is("minor"u8, ref seen)) minor = t.Int64();
            else if (t.Is("fileMode"u8, ref seen)) fileMode = t.UInt32();
            else if (t.Is("uid"u8, ref seen)) uid = t.UInt32();
            else if (t.Is("gid"u8, ref seen)) gid = t.UInt32();
            else t.GiveUp();
        }

        return new(t.Need(type), t.Need(path))
        {
            Major = major,
            Minor = minor,
            FileMode = fileMode,
            Uid = uid,
            Gid = gid,
        };
    }

    private static NetDevice ReadNetDevice(ref FastTokens t)
    {
        string? name = null;
        for (ulong seen = t.Object(); t.Member();)
        {
            if (t.Is("name"u8, ref seen)) name = t.Text();
            else t.GiveUp();
        }

        return new(name);
    }

    private static IntelRdt ReadIntelRdt(ref FastTokens t)
    {
        string? closId = null, l3CacheSchema = null, memBwSchema = null;
        IReadOnlyList<string>? schemata = null;
        bool enableMonitoring = false;
        for (ulong seen = t.Object(); t.Member();)
        {
            if (t.Is("closID"u8, ref seen)) closId = t.Text();
            else if (t.Is("schemata"u8, ref seen)) schemata = t.Texts();
            else if (t.Is("l3CacheSchema"u8, ref seen)) l3CacheSchema = t.Text();
            else if (t.Is("memBwSchema"u8, ref seen)) memBwSchema = t.Text();
            else if (t.Is("enableMonitoring"u8, ref seen)) enableMonitoring = t.Flag();
            else t.GiveUp();
        }

        return new()
        {
            ClosId = closId,
            Schemata = schemata,
            L3CacheSchema = l3CacheSchema,
            MemBwSchema = memBwSchema,
            EnableMonitoring = enableMonitoring,
        };
    }

    private static MemoryPolicy ReadMemoryPolicy(ref FastTokens t)
    {
        string? mode = null, nodes = null;
        IReadOnlyList<string>? flags = null;
        for (ulong seen = t.Object(); t.Member();)
        {
            if (t.Is("mode"u8, ref seen)) mode = t.Text();
            else if (t.Is("nodes"u8, ref seen)) nodes = t.Text();
            else if (t.Is("flags"u8, ref seen)) flags = t.Texts();
            else t.GiveUp();
        }

        return new(t.Need(mode)) { Nodes = nodes, Flags = flags };
    }

    private static Personality ReadPersonality(ref FastTokens t)
    {
        string? domain = null;
        IReadOnlyList<string>? flags = null;
        for (ulong seen = t.Object(); t.Member();)
        {
            if (t.Is("domain"u8, ref seen)) domain = t.Text();
            else if (t.Is("flags"u8, ref seen)) flags = t.Texts();
            else t.GiveUp();
        }

        return new(t.Need(domain)) { Flags = flags };
    }
}
