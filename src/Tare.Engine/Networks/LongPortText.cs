// SPDX-License-Identifier: Apache-2.0
using Tare.Engine.Configuration;
using Tare.Oci;

namespace Tare.Engine.Networks;

/// <summary>A published port in the long form: <c>published=8080,target=80,protocol=tcp,host_ip=127.0.0.1,ports-mode=firewall</c>.</summary>
/// <remarks>Docker's keys, of which <c>mode</c> is <c>host</c> wherever there is no swarm, compose's <c>host_ip</c>, and ours.</remarks>
internal static class LongPortText
{
    private const int MaxFields = 16;

    /// <exception cref="TareException">InvalidArgument</exception>
    public static IReadOnlyList<PortRequest> Parse(string text)
    {
        Dictionary<string, string> said = [];
        foreach (string field in text.Split(',', MaxFields))
        {
            string[] parts = field.Split('=', 2);
            if (parts is not [{ Length: > 0 } key, { Length: > 0 } value] || !said.TryAdd(key.Trim().ToLowerInvariant(), value.Trim()))
            {
                throw Invalid(text, $"invalid publish opts format (should be name=value once for each name but got {Quoted.Text(field)})");
            }
        }

        PortsMode? mode = ModeOf(said.GetValueOrDefault("ports-mode"), text);
        return [.. PortTexts.Parse(ShortOf(said, text)).Select(port => port with { Mode = mode })];
    }

    private static string ShortOf(Dictionary<string, string> said, string text)
    {
        if (said.Keys.FirstOrDefault(static key => key is not ("published" or "target" or "protocol" or "host_ip" or "mode" or "ports-mode")) is { } unknown)
        {
            throw Invalid(text, $"{Quoted.Text(unknown)} is no key");
        }

        if (said.TryGetValue("mode", out string? mode) && mode != "host")
        {
            throw Invalid(text, $"mode {Quoted.Text(mode)}: there is no swarm, want host or nothing");
        }

        string target = said.GetValueOrDefault("target") ?? throw Invalid(text, "it names no target");
        string published = said.GetValueOrDefault("published", "");
        if ((target + published).AsSpan().ContainsAny(":/[]"))
        {
            throw Invalid(text, "want a number or a range as target and published");
        }

        string port = $"{published}:{target}/{said.GetValueOrDefault("protocol", "tcp")}";
        return !said.TryGetValue("host_ip", out string? address) ? port
            : address.Contains(':', StringComparison.Ordinal) ? $"[{address.Trim('[', ']')}]:{port}"
            : $"{address}:{port}";
    }

    private static PortsMode? ModeOf(string? name, string text) => name switch
    {
        null => null,
        "nat" => PortsMode.Nat,
        "firewall" => PortsMode.Firewall,
        _ => throw Invalid(text, $"ports-mode {Quoted.Text(name)} is neither nat nor firewall"),
    };

    private static TareException Invalid(string text, string reason) => new(
        ErrorKind.InvalidArgument,
        $"invalid port specification {Quoted.Text(text)}: {reason}",
        "want such as published=8080,target=80,protocol=tcp,host_ip=127.0.0.1,ports-mode=firewall");
}
