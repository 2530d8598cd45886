// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using System.Text.Json;
using Tare.Cli.Output;
using Tare.Engine.Configuration;
using Tare.Network;

namespace Tare.Cli.Commands;

/// <summary>What <c>info</c> tells about the configuration: docker's members where docker has them.</summary>
internal static class ConfigurationFacts
{
    private const string DockerHub = "docker.io";

    /// <summary>For people.</summary>
    public static void Print(TextWriter output, EngineConfiguration configuration)
    {
        LogConfiguration log = configuration.Log;
        output.WriteLine($"Config File: {configuration.File ?? "none"}");
        output.WriteLine($"Logging Driver: {log.Driver}");
        output.WriteLine($" Max Size: {(log.MaxBytes is > 0 and var bytes ? HumanSize.Format(bytes) : "unlimited")}");
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $" Max Files: {log.MaxFiles}"));
        PrintAll(output, "Insecure Registries", configuration.InsecureRegistries.Select(each => each.ToString()));
        PrintAll(
            output,
            "Registry Mirrors",
            InOrder(configuration.Mirrors).Select(each => $"{each.Key}: {string.Join(", ", each.Value)}"));
        PrintAll(
            output,
            "Default Address Pools",
            configuration.AddressPools.Select(pool => $"Base: {pool.Base}, Size: {pool.Size}"));
        PrintProxy(output, "HTTP Proxy", configuration.Proxies.Http);
        PrintProxy(output, "HTTPS Proxy", configuration.Proxies.Https);
        PrintProxy(output, "No Proxy", configuration.Proxies.Direct);
        output.WriteLine($"Ports Mode: {ModeOf(configuration)}");
    }

    /// <summary>As members of an object that is open.</summary>
    public static void Write(Utf8JsonWriter writer, EngineConfiguration configuration)
    {
        writer.WriteString("ConfigFile", configuration.File ?? "");
        writer.WriteString("LoggingDriver", configuration.Log.Driver);
        writer.WriteNumber("LogMaxSize", configuration.Log.MaxBytes is > 0 and var bytes ? bytes : -1);
        writer.WriteNumber("LogMaxFile", configuration.Log.MaxFiles);
        writer.WriteStartObject("RegistryConfig");
        WriteTexts(
            writer,
            "InsecureRegistryCIDRs",
            configuration.InsecureRegistries.Select(each => each.Network?.ToString()).OfType<string>());
        writer.WriteStartObject("IndexConfigs");
        foreach (string registry in Registries(configuration))
        {
            WriteRegistry(writer, configuration, registry);
        }

        writer.WriteEndObject();
        WriteTexts(writer, "Mirrors", MirrorsOf(configuration, DockerHub));
        writer.WriteEndObject();
        writer.WriteStartArray("DefaultAddressPools");
        foreach (SubnetPool pool in configuration.AddressPools)
        {
            writer.WriteStartObject();
            writer.WriteString("Base", pool.Base.ToString());
            writer.WriteNumber("Size", pool.Size);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        writer.WriteString("HttpProxy", WithoutSecret(configuration.Proxies.Http));
        writer.WriteString("HttpsProxy", WithoutSecret(configuration.Proxies.Https));
        writer.WriteString("NoProxy", configuration.Proxies.Direct ?? "");
        writer.WriteString("PortsMode", ModeOf(configuration));
    }

    private static void PrintProxy(TextWriter output, string title, string? proxy)
    {
        if (!string.IsNullOrEmpty(proxy))
        {
            output.WriteLine($"{title}: {WithoutSecret(proxy)}");
        }
    }

    /// <summary>As docker, <c>xxxxx</c> in place of user and password.</summary>
    private static string WithoutSecret(string? proxy)
    {
        string text = proxy ?? "";
        int at = text.LastIndexOf('@');
        int start = text.IndexOf("://", StringComparison.Ordinal) is >= 0 and var scheme ? scheme + 3 : 0;
        return at < start ? text : string.Concat(text.AsSpan(0, start), "xxxxx:xxxxx", text.AsSpan(at));
    }

    /// <summary>docker.io, and those that the configuration names.</summary>
    private static IEnumerable<string> Registries(EngineConfiguration configuration) => configuration.InsecureRegistries
        .Select(each => each.Host)
        .OfType<string>()
        .Concat(InOrder(configuration.Mirrors).Select(each => each.Key))
        .Prepend(DockerHub)
        .Distinct(StringComparer.OrdinalIgnoreCase);

    private static void WriteRegistry(Utf8JsonWriter writer, EngineConfiguration configuration, string registry)
    {
        writer.WriteStartObject(registry);
        writer.WriteString("Name", registry);
        WriteTexts(writer, "Mirrors", MirrorsOf(configuration, registry));
        writer.WriteBoolean("Secure", !configuration.InsecureRegistries.Any(each => each.Covers(registry, [])));
        writer.WriteBoolean("Official", registry == DockerHub);
        writer.WriteEndObject();
    }

    private static IEnumerable<string> MirrorsOf(EngineConfiguration configuration, string registry) =>
        configuration.Mirrors.TryGetValue(registry, out IReadOnlyList<Uri>? mirrors)
            ? mirrors.Select(mirror => mirror.ToString())
            : [];

    private static void WriteTexts(Utf8JsonWriter writer, string name, IEnumerable<string> texts)
    {
        writer.WriteStartArray(name);
        foreach (string text in texts)
        {
            writer.WriteStringValue(text);
        }

        writer.WriteEndArray();
    }

    private static void PrintAll(TextWriter output, string title, IEnumerable<string> lines)
    {
        string[] all = [.. lines];
        output.WriteLine(all.Length == 0 ? $"{title}: none" : $"{title}:");
        foreach (string line in all)
        {
            output.WriteLine($" {line}");
        }
    }

    private static IEnumerable<KeyValuePair<string, IReadOnlyList<Uri>>> InOrder(
        IReadOnlyDictionary<string, IReadOnlyList<Uri>> mirrors) =>
        mirrors.OrderBy(each => each.Key, StringComparer.OrdinalIgnoreCase);

    private static string ModeOf(EngineConfiguration configuration) => configuration.PortsMode switch
    {
        PortsMode.Nat => "nat",
        PortsMode.Firewall => "firewall",
        var other => throw new InvalidOperationException($"no ports mode: {other}"),
    };
}
