// SPDX-License-Identifier: Apache-2.0
namespace Tare.Runtime.Lifecycle;

/// <summary>Words that callers of a runtime read.</summary>
internal static class OciText
{
    public static string Of(OciStatus status) => status switch
    {
        OciStatus.Creating => "creating",
        OciStatus.Created => "created",
        OciStatus.Running => "running",
        OciStatus.Paused => "paused",
        _ => "stopped",
    };
}
