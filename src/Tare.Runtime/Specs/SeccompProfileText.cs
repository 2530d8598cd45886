// SPDX-License-Identifier: Apache-2.0
using System.Text;
using System.Text.Json;
using Tare.Oci;
using Tare.Oci.Runtime;

namespace Tare.Runtime.Specs;

/// <summary>Reads a profile that the user wrote, in docker's format or the runtime specification's.</summary>
internal static class SeccompProfileText
{
    /// <summary>Bytes of a profile; docker's own has 12 KiB.</summary>
    public const int MaxBytes = 1 << 20;

    private const uint MaxArgument = 5;
    private const uint MaxErrno = 4095;

    /// <exception cref="TareException">InvalidArgument for what is no profile, ResourceExhausted when it is too
    /// long</exception>
    public static SeccompProfile Parse(string json)
    {
        if (Encoding.UTF8.GetByteCount(json) > MaxBytes)
        {
            throw new TareException(
                ErrorKind.ResourceExhausted, $"the seccomp profile is longer than {MaxBytes} bytes");
        }
        try
        {
            SeccompProfile profile = JsonSerializer.Deserialize(json, SeccompProfileJson.Default.SeccompProfile)
                ?? throw new JsonException("it is null");
            return Refuse(profile) is { } reason ? throw new JsonException(reason) : profile;
        }
        catch (Exception e) when (Document.IsOfReader(e))
        {
            throw new TareException(
                ErrorKind.InvalidArgument,
                $"the seccomp profile is malformed: {e.Message.ReplaceLineEndings(" ")}",
                inner: e);
        }
    }

    /// <summary>Null, or what is wrong with a profile whose JSON is in order.</summary>
    private static string? Refuse(SeccompProfile profile)
    {
        if (profile is { Architectures.Count: > 0, ArchMap.Count: > 0 })
        {
            return "use either architectures or archMap";
        }
        if (profile.DefaultErrnoRet > MaxErrno)
        {
            return $"errno {profile.DefaultErrnoRet}";
        }
        if ((profile.ArchMap ?? []).Contains(null!))
        {
            return "an entry of archMap is null";
        }
        return (profile.Syscalls ?? []).Select(Refuse).FirstOrDefault(static reason => reason is not null);
    }

    private static string? Refuse(SeccompProfileRule? rule) => rule switch
    {
        null => "an entry of syscalls is null",
        { Name: not null, Names.Count: > 0 } => "use either name or names",
        { AllNames.Count: 0 } => "a rule has no names",
        { ErrnoRet: > MaxErrno } => $"errno {rule.ErrnoRet}",
        { Action: SeccompAction.Notify } => "SCMP_ACT_NOTIFY needs a listener",
        _ when (rule.Args ?? []).Any(static arg => arg is null || arg.Index > MaxArgument) =>
            "an argument's index is not 0 to 5",
        _ when !IsVersion(rule.Includes?.MinKernel) || !IsVersion(rule.Excludes?.MinKernel) =>
            "minKernel is not a version",
        _ => null,
    };

    private static bool IsVersion(string? text) => text is null || Version.TryParse(text, out _);
}
