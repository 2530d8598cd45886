// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using Tare.Engine.Networks;
using Tare.Oci;

namespace Tare.Cli.Commands;

/// <summary>docker's <c>ps --filter</c>: values of one key are alternatives, different keys must all fit.</summary>
internal sealed class ContainerFilter
{
    private static readonly string[] Keys =
    [
        "ancestor", "before", "exited", "expose", "health", "id", "is-task", "isolation", "label", "name", "network",
        "publish", "since", "status", "volume",
    ];

    private static readonly string[] States = ["created", "running", "paused", "restarting", "removing", "exited", "dead"];
    private static readonly string[] Healths = ["none", "starting", "healthy", "unhealthy"];

    private readonly Dictionary<string, List<string>> _wanted = new(StringComparer.Ordinal);
    private readonly List<NameMatch> _names = [];

    /// <summary>True when ended containers can be meant, so that <c>-a</c> is not needed.</summary>
    public bool IsAboutStatus => _wanted.ContainsKey("status");

    /// <exception cref="Arguments.UsageException">not <c>key=value</c></exception>
    /// <exception cref="TareException">InvalidArgument: an unknown key, or a value that it cannot have</exception>
    public static ContainerFilter Parse(IEnumerable<string> filters)
    {
        var parsed = new ContainerFilter();
        foreach (string filter in filters)
        {
            int equals = filter.IndexOf('=', StringComparison.Ordinal);
            if (equals < 0)
            {
                throw new Arguments.UsageException(
                    $"invalid argument \"{filter}\" for \"-f, --filter\" flag: bad format of filter (expected name=value)", 125);
            }

            parsed.Add(filter[..equals].Trim(), filter[(equals + 1)..].Trim());
        }

        return parsed;
    }

    /// <summary>Those of a list, newest first, that fit.</summary>
    /// <param name="all">every container, running or not</param>
    /// <exception cref="TareException">NotFound: before or since name none of them</exception>
    public IEnumerable<ListedContainer> Choose(IReadOnlyList<ListedContainer> all)
    {
        DateTimeOffset? before = Moment(all, "before");
        DateTimeOffset? since = Moment(all, "since");
        return all.Where(container => Matches(container)
            && (before is null || container.Row.Created < before)
            && (since is null || container.Row.Created > since));
    }

    public bool Matches(ListedContainer container) => _wanted.All(key => key.Key switch
    {
        "before" or "since" => true,
        "name" => _names.Exists(name => name.Fits(container.Row.Name)),
        "label" => key.Value.All(value => LabelPattern.Fits(value, container.Record.Config.Labels)),
        _ => key.Value.Exists(value => Matches(container, key.Key, value)),
    });

    private void Add(string key, string value)
    {
        if (!Keys.Contains(key))
        {
            throw new TareException(ErrorKind.InvalidArgument, $"invalid filter '{key}'", $"known: {string.Join(", ", Keys)}");
        }

        Check(key, value);
        if (!_wanted.TryGetValue(key, out List<string>? values))
        {
            _wanted[key] = values = [];
        }

        values.Add(value);
        if (key == "name")
        {
            _names.Add(NameMatch.Parse(value));
        }
    }

    private static void Check(string key, string value)
    {
        string? wanted = key switch
        {
            "status" when !States.Contains(value) => $"must be one of {string.Join(", ", States)}",
            "health" when !Healths.Contains(value) => $"must be one of {string.Join(", ", Healths)}",
            "exited" when !int.TryParse(value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out _) => "must be an exit code",
            "is-task" when value is not ("true" or "false" or "1" or "0") => "must be true or false",
            "publish" or "expose" when !PortTexts.IsRange(value) => "must be a port or a range of ports",
            _ => null,
        };
        if (wanted is not null)
        {
            throw new TareException(ErrorKind.InvalidArgument, $"invalid filter '{key}={value}': {wanted}");
        }
    }

    private static bool Matches(ListedContainer container, string key, string value) => key switch
    {
        "id" => container.Row.Id.Text.StartsWith(value, StringComparison.Ordinal),
        "status" => container.Status.Word == value,
        "exited" => container.Status is { Kind: Engine.Containers.ContainerStatusKind.Exited } && $"{container.Status.ExitCode}" == value,
        "ancestor" => IsImage(container, value),
        "volume" => container.Record.Mounts.Any(mount => mount.Name == value || mount.Source == value || mount.Destination == value),
        "network" => container.Networks.Contains(value),
        "health" => value == "none",
        "is-task" => value is "false" or "0",
        "isolation" => true,

        "publish" => container.Ports.Any(port => PortTexts.Holds(value, port.HostPort, port.Protocol)),
        "expose" => container.Record.Config.ExposedPorts?.Keys.SelectMany(PortTexts.ParseExposed)
            .Any(port => PortTexts.Holds(value, port.TargetPort, port.Protocol)) == true,
        _ => false,
    };

    private DateTimeOffset? Moment(IReadOnlyList<ListedContainer> all, string key)
    {
        if (!_wanted.TryGetValue(key, out List<string>? names))
        {
            return null;
        }

        string name = names[^1];
        ListedContainer found = all.FirstOrDefault(
            container => container.Row.Name == name.TrimStart('/') || (name.Length > 0 && container.Row.Id.Text.StartsWith(name, StringComparison.Ordinal)))
            ?? throw new TareException(ErrorKind.NotFound, $"No such container: {name}");
        return found.Row.Created;
    }

    private static bool IsImage(ListedContainer container, string value)
    {
        string id = value.StartsWith("sha256:", StringComparison.Ordinal) ? value : $"sha256:{value}";
        return IsName(container.Row.Image, value) || container.Record.ImageId.StartsWith(id, StringComparison.Ordinal);
    }

    /// <summary>However the two are written: both mean the same image name.</summary>
    private static bool IsName(string image, string value) => image == value
        || (Reference.TryParse(image, out Reference? one) && Reference.TryParse(value, out Reference? other)
            && one.ToString() == other.ToString());
}
