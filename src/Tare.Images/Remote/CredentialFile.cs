// SPDX-License-Identifier: Apache-2.0
using System.Text;
using System.Text.Json;
using Tare.Linux;
using Tare.Linux.Files;
using Tare.Oci;

namespace Tare.Images.Remote;

/// <summary>docker's <c>config.json</c>: what the user is known by at which registry.</summary>
/// <remarks>docker docs/reference/commandline/login.md#credential-stores. Keys were addresses once: scheme and path do not count.</remarks>
/// <param name="path">of the file, which need not be there</param>
internal sealed class CredentialFile(string path)
{
    public const string HubKey = "https://index.docker.io/v1/";
    private const int MaxBytes = 1 << 20;
    private const string Hub = "docker.io";

    /// <summary>Null when the file has nothing for this registry.</summary>
    /// <exception cref="TareException">InvalidArgument: the file is malformed; PermissionDenied</exception>
    public Credential? Find(string registry)
    {
        using JsonDocument? document = Read();
        if (document is null || !document.RootElement.TryGetProperty("auths", out JsonElement all)
            || all.ValueKind != JsonValueKind.Object)
        {
            return null;
        }
        Credential? found = null;
        foreach (JsonProperty entry in all.EnumerateObject())
        {
            bool isExact = entry.Name == KeyOf(registry);
            if (isExact || (found is null && RegistryOf(entry.Name) == registry))
            {
                found = Parse(entry.Value, entry.Name) ?? found;
            }
        }
        return found;
    }

    /// <summary>Under which name docker files a registry.</summary>
    public static string KeyOf(string registry) => registry == Hub ? HubKey : registry;

    private static string RegistryOf(string key)
    {
        int scheme = key.IndexOf("://", StringComparison.Ordinal);
        string rest = scheme < 0 ? key : key[(scheme + 3)..];
        int slash = rest.IndexOf('/', StringComparison.Ordinal);
        string host = slash < 0 ? rest : rest[..slash];
        return host is "index.docker.io" or "registry-1.docker.io" ? Hub : host;
    }

    private JsonDocument? Read()
    {
        try
        {
            byte[]? bytes = HostPath.TryReadAll(path, MaxBytes);
            if (bytes is null)
            {
                return null;
            }
            JsonDocument document = JsonDocument.Parse(bytes);
            return document.RootElement.ValueKind == JsonValueKind.Object ? document : throw Malformed("it is no object");
        }
        catch (JsonException e)
        {
            throw Malformed($"line {e.LineNumber + 1}: it is no JSON");
        }
        catch (LinuxException e) when (e.Errno == Errno.ENOTDIR)
        {
            return null;
        }
        catch (LinuxException e)
        {
            throw new TareException(ErrorKind.PermissionDenied, $"credentials {path}: {e.Errno.Explain()}", inner: e);
        }
    }

    private Credential? Parse(JsonElement entry, string key)
    {
        if (entry.ValueKind != JsonValueKind.Object)
        {
            throw Malformed($"{Quoted.Text(key)} is no object");
        }
        string user = Text(entry, "username");
        string secret = Text(entry, "password");
        if (Text(entry, "auth") is { Length: > 0 } coded)
        {
            (user, secret) = Decode(coded, key);
        }
        return Text(entry, "identitytoken") is { Length: > 0 } token ? new Credential(user, token, IsIdentityToken: true)
            : user.Length + secret.Length > 0 ? new Credential(user, secret)
            : null;
    }

    private (string User, string Secret) Decode(string coded, string key)
    {
        byte[] bytes = new byte[coded.Length];
        if (!Convert.TryFromBase64String(coded, bytes, out int length))
        {
            throw Malformed($"auth of {Quoted.Text(key)} is no base64");
        }
        string text = Encoding.UTF8.GetString(bytes, 0, length).TrimEnd('\0');
        int colon = text.IndexOf(':', StringComparison.Ordinal);
        return colon < 0 ? throw Malformed($"auth of {Quoted.Text(key)} has no colon") : (text[..colon], text[(colon + 1)..]);
    }

    private static string Text(JsonElement entry, string name) =>
        entry.TryGetProperty(name, out JsonElement value) && value.ValueKind == JsonValueKind.String ? value.GetString()! : "";

    private TareException Malformed(string why) => new(ErrorKind.InvalidArgument, $"credentials {path}: {why}");
}
