// SPDX-License-Identifier: Apache-2.0
using Tare.Oci;

namespace Tare.Cli.Commands;

/// <summary>docker's <c>ps --filter</c>: values of one key are alternatives, different keys must all fit.</summary>
internal sealed class ContainerFilter
{
    private readonly Dictionary<string, List<string>> _wanted = new(StringComparer.Ordinal);

    /// <summary>True when ended containers can be meant, so that <c>-a</c> is not needed.</summary>
    public bool IsAboutStatus => _wanted.ContainsKey("status") || _wanted.ContainsKey("exited");

    /// <exception cref="TareException">InvalidArgument: not <c>key=value</c>, or an unknown key</exception>
    public static ContainerFilter Parse(IEnumerable<string> filters)
    {
        var parsed = new ContainerFilter();
        foreach (string filter in filters)
        {
            int equals = filter.IndexOf('=', StringComparison.Ordinal);
            string key = equals < 0 ? filter : filter[..equals];
            if (equals < 0 || key is not ("id" or "name" or "label" or "status" or "exited" or "ancestor"))
            {
                throw new TareException(ErrorKind.InvalidArgument, $"invalid filter '{filter}'");
            }

            if (!parsed._wanted.TryGetValue(key, out List<string>? values))
            {
                parsed._wanted[key] = values = [];
            }

            values.Add(filter[(equals + 1)..]);
        }

        return parsed;
    }

    public bool Matches(ListedContainer container) => _wanted.All(key => key.Key == "label"
        ? key.Value.All(value => Matches(container, key.Key, value))
        : key.Value.Exists(value => Matches(container, key.Key, value)));

    private static bool Matches(ListedContainer container, string key, string value) => key switch
    {
        "id" => container.Row.Id.Text.StartsWith(value, StringComparison.Ordinal),
        "name" => container.Row.Name.Contains(value.TrimStart('/'), StringComparison.Ordinal),
        "status" => container.Status.Word == value,
        "exited" => container.Status.FinishedAt is not null && $"{container.Status.ExitCode}" == value,
        "ancestor" => IsImage(container, value),
        _ => HasLabel(container.Record.Config.Labels, value),
    };

    private static bool IsImage(ListedContainer container, string value)
    {
        string id = value.StartsWith("sha256:", StringComparison.Ordinal) ? value : $"sha256:{value}";
        return container.Row.Image == value || container.Row.Image == $"{value}:latest"
            || container.Record.ImageId.StartsWith(id, StringComparison.Ordinal);
    }

    private static bool HasLabel(IReadOnlyDictionary<string, string> labels, string wanted)
    {
        int equals = wanted.IndexOf('=', StringComparison.Ordinal);
        return equals < 0
            ? labels.ContainsKey(wanted)
            : labels.TryGetValue(wanted[..equals], out string? value) && value == wanted[(equals + 1)..];
    }
}
