// SPDX-License-Identifier: Apache-2.0
using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Tare.Images.Remote.Credentials;

/// <summary>Makes a new <c>config.json</c> of an old one: what is not about the credential stays as it was.</summary>
internal static class CredentialEdit
{
    private const string Auths = "auths";

    /// <summary>As docker writes it.</summary>
    private static readonly JsonWriterOptions Tabs = new()
    {
        Indented = true,
        IndentCharacter = '\t',
        IndentSize = 1,
        NewLine = "\n",
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    /// <param name="root">the old document, an object; null when there was none</param>
    /// <param name="goes">keys of credentials that are left out</param>
    /// <param name="key">of the new credential; null when there is none</param>
    /// <param name="credential">null: an empty entry</param>
    public static byte[] With(JsonElement? root, Func<string, bool> goes, string? key, Credential? credential)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer, Tabs))
        {
            writer.WriteStartObject();
            bool isWritten = false;
            foreach (JsonProperty member in root?.EnumerateObject() ?? default)
            {
                if (member.Name != Auths)
                {
                    member.WriteTo(writer);
                    continue;
                }
                if (!isWritten)
                {
                    WriteAuths(writer, member.Value, goes, key, credential);
                    isWritten = true;
                }
            }
            if (!isWritten)
            {
                WriteAuths(writer, null, goes, key, credential);
            }
            writer.WriteEndObject();
        }
        return buffer.WrittenSpan.ToArray();
    }

    private static void WriteAuths(
        Utf8JsonWriter writer, JsonElement? before, Func<string, bool> goes, string? key, Credential? credential)
    {
        writer.WriteStartObject(Auths);
        if (before is { ValueKind: JsonValueKind.Object } all)
        {
            foreach (JsonProperty entry in all.EnumerateObject())
            {
                if (!goes(entry.Name))
                {
                    entry.WriteTo(writer);
                }
            }
        }
        if (key is not null)
        {
            writer.WriteStartObject(key);
            Write(writer, credential);
            writer.WriteEndObject();
        }
        writer.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter writer, Credential? credential)
    {
        if (credential is null)
        {
            return;
        }
        string password = credential.IsIdentityToken ? "" : credential.Secret;
        if (credential.User.Length + password.Length > 0)
        {
            writer.WriteString("auth", Convert.ToBase64String(Encoding.UTF8.GetBytes($"{credential.User}:{password}")));
        }
        if (credential.IsIdentityToken)
        {
            writer.WriteString("identitytoken", credential.Secret);
        }
    }
}
