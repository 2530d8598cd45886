// SPDX-License-Identifier: Apache-2.0
namespace Tare.Oci.Runtime.Reading;

/// <summary>Reads a <see cref="Process"/> without the serializer; see <see cref="SpecReader"/>.</summary>
internal static class ProcessReader
{
    /// <param name="bytes">UTF-8</param>
    public static Process? TryRead(ReadOnlySpan<byte> bytes) => FastTokens.Document(bytes, ReadProcess);

    public static Process ReadProcess(ref FastTokens t)
    {
        string? cwd = null, apparmorProfile = null, selinuxLabel = null;
        bool terminal = false, noNewPrivileges = false;
        ConsoleSize? consoleSize = null;
        ProcessUser? user = null;
        IReadOnlyList<string>? args = null, env = null;
        CapabilitySets? capabilities = null;
        IReadOnlyList<ResourceLimit>? rlimits = null;
        int? oomScoreAdj = null;
        Scheduler? scheduler = null;
        IoPriority? ioPriority = null;
        CpuAffinity? execCpuAffinity = null;
        for (ulong seen = t.Object(); t.Member();)
        {
            if (t.Is("terminal"u8, ref seen)) terminal = t.Flag();
            else if (t.Is("consoleSize"u8, ref seen)) consoleSize = ReadConsoleSize(ref t);
            else if (t.Is("user"u8, ref seen)) user = ReadUser(ref t);
            else if (t.Is("args"u8, ref seen)) args = t.Texts();
            else if (t.Is("env"u8, ref seen)) env = t.Texts();
            else if (t.Is("cwd"u8, ref seen)) cwd = t.Text();
            else if (t.Is("capabilities"u8, ref seen)) capabilities = ReadCapabilities(ref t);
            else if (t.Is("rlimits"u8, ref seen)) rlimits = t.List(ReadLimit);
            else if (t.Is("noNewPrivileges"u8, ref seen)) noNewPrivileges = t.Flag();
            else if (t.Is("apparmorProfile"u8, ref seen)) apparmorProfile = t.Text();
            else if (t.Is("selinuxLabel"u8, ref seen)) selinuxLabel = t.Text();
            else if (t.Is("oomScoreAdj"u8, ref seen)) oomScoreAdj = t.Int32();
            else if (t.Is("scheduler"u8, ref seen)) scheduler = ReadScheduler(ref t);
            else if (t.Is("ioPriority"u8, ref seen)) ioPriority = ReadIoPriority(ref t);
            else if (t.Is("execCPUAffinity"u8, ref seen)) execCpuAffinity = ReadAffinity(ref t);
            else if (t.Is("commandLine"u8, ref seen)) t.Skip(); // of Windows
            else t.GiveUp();
        }

        return new(t.Need(cwd))
        {
            Terminal = terminal,
            ConsoleSize = consoleSize,
            User = user,
            Args = args,
            Env = env,
            Capabilities = capabilities,
            Rlimits = rlimits,
            NoNewPrivileges = noNewPrivileges,
            ApparmorProfile = apparmorProfile,
            SelinuxLabel = selinuxLabel,
            OomScoreAdj = oomScoreAdj,
            Scheduler = scheduler,
            IoPriority = ioPriority,
            ExecCpuAffinity = execCpuAffinity,
        };
    }

    private static ConsoleSize ReadConsoleSize(ref FastTokens t)
    {
        ulong? height = null, width = null;
        for (ulong seen = t.Object(); t.Member();)
        {
            if (t.Is("height"u8, ref seen)) height = t.UInt64();
            else if (t.Is("width"u8, ref seen)) width = t.UInt64();
            else t.GiveUp();
        }

        return new(t.Need(height), t.Need(width));
    }

    private static ProcessUser ReadUser(ref FastTokens t)
    {
        uint uid = 0, gid = 0;
        uint? umask = null;
        IReadOnlyList<uint>? additionalGids = null;
        for (ulong seen = t.Object(); t.Member();)
        {
            if (t.Is("uid"u8, ref seen)) uid = t.UInt32();
            else if (t.Is("gid"u8, ref seen)) gid = t.UInt32();
            else if (t.Is("umask"u8, ref seen)) umask = t.UInt32();
            else if (t.Is("additionalGids"u8, ref seen)) additionalGids = t.List(static (ref t) => t.UInt32());
            else if (t.Is("username"u8, ref seen)) t.Skip(); // of Windows
            else t.GiveUp();
        }

        return new(uid, gid) { Umask = umask, AdditionalGids = additionalGids };
    }

    private static CapabilitySets ReadCapabilities(ref FastTokens t)
    {
        IReadOnlyList<string>? bounding = null, effective = null, inheritable = null, permitted = null, ambient = null;
        for (ulong seen = t.Object(); t.Member();)
        {
            if (t.Is("bounding"u8, ref seen)) bounding = t.Texts();
            else if (t.Is("effective"u8, ref seen)) effective = t.Texts();
            else if (t.Is("inheritable"u8, ref seen)) inheritable = t.Texts();
            else if (t.Is("permitted"u8, ref seen)) permitted = t.Texts();
            else if (t.Is("ambient"u8, ref seen)) ambient = t.Texts();
            else t.GiveUp();
        }

        return new()
        {
            Bounding = bounding,
            Effective = effective,
            Inheritable = inheritable,
            Permitted = permitted,
            Ambient = ambient,
        };
    }

    private static ResourceLimit ReadLimit(ref FastTokens t)
    {
        string? type = null;
        ulong? soft = null, hard = null;
        for (ulong seen = t.Object(); t.Member();)
        {
            if (t.Is("type"u8, ref seen)) type = t.Text();
            else if (t.Is("soft"u8, ref seen)) soft = t.UInt64();
            else if (t.Is("hard"u8, ref seen)) hard = t.UInt64();
            else t.GiveUp();
        }

        return new(t.Need(type), t.Need(soft), t.Need(hard));
    }

    private static Scheduler ReadScheduler(ref FastTokens t)
    {
        string? policy = null;
        int nice = 0, priority = 0;
        IReadOnlyList<string>? flags = null;
        ulong runtime = 0, deadline = 0, period = 0;
        for (ulong seen = t.Object(); t.Member();)
        {
            if (t.Is("policy"u8, ref seen)) policy = t.Text();
            else if (t.Is("nice"u8, ref seen)) nice = t.Int32();
            else if (t.Is("priority"u8, ref seen)) priority = t.Int32();
            else if (t.Is("flags"u8, ref seen)) flags = t.Texts();
            else if (t.Is("runtime"u8, ref seen)) runtime = t.UInt64();
            else if (t.Is("deadline"u8, ref seen)) deadline = t.UInt64();
            else if (t.Is("period"u8, ref seen)) period = t.UInt64();
            else t.GiveUp();
        }

        return new(t.Need(policy))
        {
            Nice = nice,
            Priority = priority,
            Flags = flags,
            Runtime = runtime,
            Deadline = deadline,
            Period = period,
        };
    }

    private static IoPriority ReadIoPriority(ref FastTokens t)
    {
        string? kind = null;
        int priority = 0;
        for (ulong seen = t.Object(); t.Member();)
        {
            if (t.Is("class"u8, ref seen)) kind = t.Text();
            else if (t.Is("priority"u8, ref seen)) priority = t.Int32();
            else t.GiveUp();
        }

        return new(t.Need(kind), priority);
    }

    private static CpuAffinity ReadAffinity(ref FastTokens t)
    {
        string? initial = null, final = null;
        for (ulong seen = t.Object(); t.Member();)
        {
            if (t.Is("initial"u8, ref seen)) initial = t.Text();
            else if (t.Is("final"u8, ref seen)) final = t.Text();
            else t.GiveUp();
        }

        return new() { Initial = initial, Final = final };
    }
}
