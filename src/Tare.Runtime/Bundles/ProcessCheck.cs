// SPDX-License-Identifier: Apache-2.0
using Tare.Linux.Processes;
using Tare.Oci;
using Tare.Oci.Runtime;

namespace Tare.Runtime.Bundles;

/// <summary>The process of a container, or of an exec.</summary>
/// <remarks>runtime-spec v1.3 config.md#process</remarks>
internal static class ProcessCheck
{
    private const uint MaxUmask = 0x1ff; // 0777
    private const int MaxOomScore = 1000;
    private const int MaxIoPriority = 7;

    private static readonly string[] IoClasses = ["IOPRIO_CLASS_RT", "IOPRIO_CLASS_BE", "IOPRIO_CLASS_IDLE"];

    /// <param name="process">what is checked</param>
    /// <param name="at">before the names of members: <c>process.</c>, or nothing for a document of its own</param>
    /// <param name="warnings">takes what is to be warned about</param>
    /// <exception cref="TareException">InvalidArgument</exception>
    public static void Check(Process process, string at, List<string> warnings)
    {
        if (process.Args is not [{ Length: > 0 }, ..])
        {
            throw SpecFault.At($"{at}args", process.Args is { Count: > 0 } ? "the program's name is empty" : "no program is named");
        }

        SpecFault.WantAbsolute($"{at}cwd", process.Cwd);
        SpecFault.WantEnvironment($"{at}env", process.Env);
        CheckTerminal(process, at);
        CheckUser(process.User, $"{at}user");
        CheckLimits(process.Rlimits, $"{at}rlimits");
        if (process.OomScoreAdj is { } score)
        {
            SpecFault.WantWithin($"{at}oomScoreAdj", score, -MaxOomScore, MaxOomScore);
        }

        SchedulerCheck.Check(process.Scheduler, $"{at}scheduler");
        if (process.IoPriority is { } priority)
        {
            SpecFault.WantOneOf($"{at}ioPriority.class", "class", priority.Class, IoClasses);
            SpecFault.WantWithin($"{at}ioPriority.priority", priority.Priority, 0, MaxIoPriority);
        }

        CheckAffinity(process.ExecCpuAffinity, $"{at}execCPUAffinity");
        WarnOfCapabilities(process.Capabilities, $"{at}capabilities", warnings);
    }

    /// <summary>The size says nothing without a terminal.</summary>
    private static void CheckTerminal(Process process, string at)
    {
        if (process is { Terminal: true, ConsoleSize: { } size })
        {
            SpecFault.WantWithin($"{at}consoleSize.height", (long)Math.Min(size.Height, long.MaxValue), 0, ushort.MaxValue);
            SpecFault.WantWithin($"{at}consoleSize.width", (long)Math.Min(size.Width, long.MaxValue), 0, ushort.MaxValue);
        }
    }

    private static void CheckUser(ProcessUser? user, string at)
    {
        if (user is null)
        {
            return;
        }

        SpecFault.WantId($"{at}.uid", user.Uid);
        SpecFault.WantId($"{at}.gid", user.Gid);
        SpecFault.WantWithin($"{at}.umask", user.Umask ?? 0, 0, MaxUmask);
        for (int i = 0; i < user.AdditionalGids?.Count; i++)
        {
            SpecFault.WantId($"{at}.additionalGids[{i}]", user.AdditionalGids[i]);
        }
    }

    private static void CheckLimits(IReadOnlyList<ResourceLimit>? limits, string at)
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        for (int i = 0; i < limits?.Count; i++)
        {
            ResourceLimit limit = limits[i];
            if (!Rlimit.TryParse(limit.Type, out int number) || Rlimit.Name(number) != limit.Type)
            {
                throw SpecFault.At($"{at}[{i}].type", $"unknown limit {Quoted.Text(limit.Type)}");
            }

            if (!seen.Add(limit.Type))
            {
                throw SpecFault.At($"{at}[{i}].type", $"{limit.Type} is there twice");
            }

            if (limit.Soft > limit.Hard)
            {
                throw SpecFault.At($"{at}[{i}].soft", $"{limit.Soft} is above the hard limit {limit.Hard}");
            }
        }
    }

    private static void CheckAffinity(CpuAffinity? affinity, string at)
    {
        if (affinity?.Initial is { Length: > 0 } initial)
        {
            SpecFault.WantNumberList($"{at}.initial", initial);
        }

        if (affinity?.Final is { Length: > 0 } final)
        {
            SpecFault.WantNumberList($"{at}.final", final);
        }
    }

    /// <summary>A capability that there is not must be warned about and must not be an error.</summary>
    private static void WarnOfCapabilities(CapabilitySets? sets, string at, List<string> warnings)
    {
        Warn(sets?.Bounding, $"{at}.bounding", warnings);
        Warn(sets?.Effective, $"{at}.effective", warnings);
        Warn(sets?.Inheritable, $"{at}.inheritable", warnings);
        Warn(sets?.Permitted, $"{at}.permitted", warnings);
        Warn(sets?.Ambient, $"{at}.ambient", warnings);
    }

    private static void Warn(IReadOnlyList<string>? names, string at, List<string> warnings)
    {
        for (int i = 0; i < names?.Count; i++)
        {
            if (!Capabilities.TryParse(names[i], out _))
            {
                warnings.Add($"{at}[{i}]: unknown capability {Quoted.Text(names[i])}, left out");
            }
        }
    }
}
