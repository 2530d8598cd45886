// SPDX-License-Identifier: Apache-2.0
using System.Text;
using System.Text.Json;
using Tare.Linux;
using Tare.Linux.Files;
using Tare.Oci;

namespace Tare.Images.Remote.Credentials;

/// <summary>docker's <c>config.json</c>: what the user is known by at which registry.</summary>
/// <remarks>docker docs/reference/commandline/login.md#credential-stores.</remarks>
/// <param name="path">of the file, which need not be there</param>
internal sealed class CredentialFile(string path)
{
    private const int MaxBytes = 1 << 20;
    private const uint FolderMode = 0b111_000_000;

    /// <summary>For messages.</summary>
    public string Path => path;

    /// <summary>What stands in the file itself; null when it has nothing for this registry.</summary>
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
            bool isExact = entry.Name == RegistryKey.Of(registry);
            if (isExact || (found is null && RegistryKey.RegistryOf(entry.Name) == registry))
            {
                found = Parse(entry.Value, entry.Name) ?? found;
            }
        }
        return found;
    }

    /// <summary>The program that keeps the credentials of this registry, <c>docker-credential-NAME</c> by its NAME; null: this file does.</summary>
    /// <exception cref="TareException">as above; InvalidArgument: it is no name of a program</exception>
    public string? HelperOf(string registry)
    {
        using JsonDocument? document = Read();
        if (document is null)
        {
            return null;
        }
        string? named = Text(document.RootElement, "credsStore");
        if (document.RootElement.TryGetProperty("credHelpers", out JsonElement each) && each.ValueKind == JsonValueKind.Object)
        {
            foreach (JsonProperty entry in each.EnumerateObject())
            {
                bool isMeant = entry.Value.ValueKind == JsonValueKind.String && RegistryKey.RegistryOf(entry.Name) == registry;
                named = isMeant ? entry.Value.GetString() : named;
            }
        }
        return string.IsNullOrEmpty(named) ? null
            : named.All(static c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.') ? named
            : throw Malformed($"{Quoted.Text(named)} is no name of a credential helper");
    }

    /// <summary>Keeps a credential in this file, which only its owner can read afterwards; all else in it stays.</summary>
    /// <param name="registry">whose</param>
    /// <param name="credential">null: it is kept elsewhere, and that is noted here, as docker does</param>
    public void Store(string registry, Credential? credential)
    {
        string key = RegistryKey.Of(registry);
        Change(root => CredentialEdit.With(root, name => name == key, key, credential));
    }

    /// <summary>Forgets the credentials of a registry; true when there were some.</summary>
    public bool Erase(string registry)
    {
        bool any = Has(registry);
        if (any)
        {
            Change(root => CredentialEdit.With(root, name => RegistryKey.IsWhole(name, registry), null, null));
        }
        return any;
    }

    private bool Has(string registry)
    {
        using JsonDocument? document = Read();
        if (document is not null && document.RootElement.TryGetProperty("auths", out JsonElement all)
            && all.ValueKind == JsonValueKind.Object)
        {
            foreach (JsonProperty entry in all.EnumerateObject())
            {
                if (RegistryKey.IsWhole(entry.Name, registry))
                {
                    return true;
                }
            }
        }
        return false;
    }

    /// <summary>Under a lock of the folder, so that of two logins at once neither is lost; a link stays one.</summary>
    private void Change(Func<JsonElement?, byte[]> change)
    {
        try
        {
            string real = RealPath();
            int slash = real.LastIndexOf('/');
            using Fd folder = HostPath.MakeDirectories(slash <= 0 ? "/" : real[..slash], FolderMode);
            using FileLock held = FileLock.Take(folder);

            // asked before the lock, the file's name may be that of one which another login replaced: `config.json (deleted)`
            string name = RealPath()[(slash + 1)..];
            using JsonDocument? before = Read();
            AtomicFile.Write(folder, Encoding.UTF8.GetBytes(name), change(before?.RootElement), durable: true);
        }
        catch (LinuxException e)
        {
            throw new TareException(ErrorKind.PermissionDenied, $"credentials {path}: cannot be written: {e.Errno.Explain()}", inner: e);
        }
    }

    /// <summary>Behind links.</summary>
    private string RealPath()
    {
        using Fd? place = HostPath.TryOpen(path, OpenFlags.Path);
        return place is null ? path : Encoding.UTF8.GetString(place.HostPathNow());
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
