// SPDX-License-Identifier: Apache-2.0
namespace Tare.Oci.Runtime.Reading;

/// <summary>Reads a <see cref="Spec"/> without the serializer.</summary>
/// <remarks>
/// Where it answers, the careful reader of Tare.Runtime accepts the document too and gives the same; where it answers
/// null, nothing is said about the document: see <see cref="FastTokens"/>. A new member of a spec type must be added
/// here too, or every document that has it takes the slow path; a test counts them.
/// </remarks>
internal static class SpecReader
{
    /// <param name="bytes">UTF-8</param>
    public static Spec? TryRead(ReadOnlySpan<byte> bytes) => FastTokens.Document(bytes, ReadSpec);

    public static IdMapping ReadIdMapping(ref FastTokens t)
    {
        uint? containerId = null, hostId = null, size = null;
        for (ulong seen = t.Object(); t.Member();)
        {
            if (t.Is("containerID"u8, ref seen)) containerId = t.UInt32();
            else if (t.Is("hostID"u8, ref seen)) hostId = t.UInt32();
            else if (t.Is("size"u8, ref seen)) size = t.UInt32();
            else t.GiveUp();
        }

        return new(t.Need(containerId), t.Need(hostId), t.Need(size));
    }

    private static Spec ReadSpec(ref FastTokens t)
    {
        string? ociVersion = null, hostname = null, domainname = null;
        Process? process = null;
        Root? root = null;
        IReadOnlyList<Mount>? mounts = null;
        Hooks? hooks = null;
        IReadOnlyDictionary<string, string>? annotations = null;
        LinuxSpec? linux = null;
        for (ulong seen = t.Object(); t.Member();)
        {
            if (t.Is("ociVersion"u8, ref seen)) ociVersion = t.Text();
            else if (t.Is("process"u8, ref seen)) process = ProcessReader.ReadProcess(ref t);
            else if (t.Is("root"u8, ref seen)) root = ReadRoot(ref t);
            else if (t.Is("hostname"u8, ref seen)) hostname = t.Text();
            else if (t.Is("domainname"u8, ref seen)) domainname = t.Text();
            else if (t.Is("mounts"u8, ref seen)) mounts = t.List(ReadMount);
            else if (t.Is("hooks"u8, ref seen)) hooks = ReadHooks(ref t);
            else if (t.Is("annotations"u8, ref seen)) annotations = t.TextMap();
            else if (t.Is("linux"u8, ref seen)) linux = LinuxReader.ReadLinux(ref t);
            else if (IsOfOtherPlatform(ref t, ref seen)) t.Skip();
            else t.GiveUp();
        }

        return new(t.Need(ociVersion))
        {
            Process = process,
            Root = root,
            Hostname = hostname,
            Domainname = domainname,
            Mounts = mounts,
            Hooks = hooks,
            Annotations = annotations,
            Linux = linux,
        };
    }

    /// <summary>Members of the specification that say nothing to Linux.</summary>
    private static bool IsOfOtherPlatform(ref FastTokens t, ref ulong seen) =>
        t.Is("vm"u8, ref seen) || t.Is("windows"u8, ref seen) || t.Is("solaris"u8, ref seen)
        || t.Is("zos"u8, ref seen) || t.Is("freebsd"u8, ref seen);

    private static Root ReadRoot(ref FastTokens t)
    {
        string? path = null;
        bool isReadonly = false;
        for (ulong seen = t.Object(); t.Member();)
        {
            if (t.Is("path"u8, ref seen)) path = t.Text();
            else if (t.Is("readonly"u8, ref seen)) isReadonly = t.Flag();
            else t.GiveUp();
        }

        return new(t.Need(path)) { Readonly = isReadonly };
    }

    private static Mount ReadMount(ref FastTokens t)
    {
        string? destination = null, type = null, source = null;
        IReadOnlyList<string>? options = null;
        IReadOnlyList<IdMapping>? uidMappings = null, gidMappings = null;
        for (ulong seen = t.Object(); t.Member();)
        {
            if (t.Is("destination"u8, ref seen)) destination = t.Text();
            else if (t.Is("type"u8, ref seen)) type = t.Text();
            else if (t.Is("source"u8, ref seen)) source = t.Text();
            else if (t.Is("options"u8, ref seen)) options = t.Texts();
            else if (t.Is("uidMappings"u8, ref seen)) uidMappings = t.List(ReadIdMapping);
            else if (t.Is("gidMappings"u8, ref seen)) gidMappings = t.List(ReadIdMapping);
            else t.GiveUp();
        }

        return new(t.Need(destination))
        {
            Type = type,
            Source = source,
            Options = options,
            UidMappings = uidMappings,
            GidMappings = gidMappings,
        };
    }

    private static Hooks ReadHooks(ref FastTokens t)
    {
        IReadOnlyList<Hook>? prestart = null, createRuntime = null, createContainer = null;
        IReadOnlyList<Hook>? startContainer = null, poststart = null, poststop = null;
        for (ulong seen = t.Object(); t.Member();)
        {
            if (t.Is("prestart"u8, ref seen)) prestart = t.List(ReadHook);
            else if (t.Is("createRuntime"u8, ref seen)) createRuntime = t.List(ReadHook);
            else if (t.Is("createContainer"u8, ref seen)) createContainer = t.List(ReadHook);
            else if (t.Is("startContainer"u8, ref seen)) startContainer = t.List(ReadHook);
            else if (t.Is("poststart"u8, ref seen)) poststart = t.List(ReadHook);
            else if (t.Is("poststop"u8, ref seen)) poststop = t.List(ReadHook);
            else t.GiveUp();
        }

        return new()
        {
            Prestart = prestart,
            CreateRuntime = createRuntime,
            CreateContainer = createContainer,
            StartContainer = startContainer,
            Poststart = poststart,
            Poststop = poststop,
        };
    }

    private static Hook ReadHook(ref FastTokens t)
    {
        string? path = null;
        IReadOnlyList<string>? args = null, env = null;
        int? timeout = null;
        for (ulong seen = t.Object(); t.Member();)
        {
            if (t.Is("path"u8, ref seen)) path = t.Text();
            else if (t.Is("args"u8, ref seen)) args = t.Texts();
            else if (t.Is("env"u8, ref seen)) env = t.Texts();
            else if (t.Is("timeout"u8, ref seen)) timeout = t.Int32();
            else t.GiveUp();
        }

        return new(t.Need(path)) { Args = args, Env = env, Timeout = timeout };
    }
}
