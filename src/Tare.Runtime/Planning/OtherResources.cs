// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using Tare.Oci;
using Tare.Oci.Runtime;

namespace Tare.Runtime.Planning;

/// <summary>Huge pages, network traffic and RDMA devices of a spec as what a cgroup takes.</summary>
/// <remarks>runtime-spec v1.3 config-linux.md#huge-page-limits, #network, #rdma</remarks>
internal static class OtherResources
{
    private const int MaxInterfaceName = 15;

    /// <exception cref="TareException">InvalidArgument: no size such as <c>2MB</c></exception>
    public static IReadOnlyList<KeyValuePair<string, ulong>>? Hugepages(IReadOnlyList<HugepageLimit>? limits) =>
        limits is not { Count: > 0 } ? null : [.. limits.Select(limit => KeyValuePair.Create(Size(limit.PageSize), limit.Limit))];

    /// <exception cref="TareException">InvalidArgument: no name of an interface</exception>
    public static IReadOnlyList<KeyValuePair<string, uint>>? Priorities(IReadOnlyList<InterfacePriority>? priorities) =>
        priorities is not { Count: > 0 }
            ? null
            : [.. priorities.Select(entry => KeyValuePair.Create(Word(entry.Name, MaxInterfaceName, "interface"), entry.Priority))];

    /// <exception cref="TareException">InvalidArgument: no name of a device, or nothing that is limited</exception>
    public static IReadOnlyList<string>? Rdma(IReadOnlyDictionary<string, RdmaLimit>? limits) =>
        limits is not { Count: > 0 } ? null : [.. limits.Select(pair => Line(pair.Key, pair.Value))];

    private static string Line(string device, RdmaLimit limit)
    {
        const int MaxDeviceName = 63;
        if (limit is { HcaHandles: null, HcaObjects: null })
        {
            throw Invalid($"rdma '{device}': neither hcaHandles nor hcaObjects");
        }

        return Word(device, MaxDeviceName, "rdma device")
            + Part("hca_handle", limit.HcaHandles)
            + Part("hca_object", limit.HcaObjects);
    }

    private static string Part(string key, uint? value) =>
        value is { } number ? string.Create(CultureInfo.InvariantCulture, $" {key}={number}") : "";

    private static string Size(string size)
    {
        bool isSize = size.Length is >= 3 and <= 16
            && size[^1] == 'B' && size[^2] is 'K' or 'M' or 'G'
            && size[0] != '0' && !size.AsSpan(..^2).ContainsAnyExceptInRange('0', '9');
        return isSize ? size : throw Invalid($"hugepage size '{size}' is not a number with KB, MB or GB");
    }

    private static string Word(string text, int maxLength, string what) =>
        text.Length > 0 && text.Length <= maxLength && !text.AsSpan().ContainsAnyExceptInRange('!', '~')
            ? text
            : throw Invalid($"no {what} '{text}'");

    private static TareException Invalid(string message) => new(ErrorKind.InvalidArgument, message);
}
