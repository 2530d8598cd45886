// SPDX-License-Identifier: Apache-2.0
using System.Text;
using Tare.Build.Ssh;
using Tare.Oci;

namespace Tare.Build.Tests.Ssh;

public sealed class PrivateKeyFileTests : IDisposable
{
    private readonly KeyFolder _keys = new();

    public void Dispose() => _keys.Dispose();

    [Theory]
    [InlineData("-t", "ed25519")]
    [InlineData("-t", "rsa", "-b", "2048")]
    [InlineData("-t", "rsa", "-b", "2049")]
    [InlineData("-t", "rsa", "-b", "2048", "-m", "PEM")]
    [InlineData("-t", "rsa", "-b", "2048", "-m", "PKCS8")]
    [InlineData("-t", "ecdsa", "-b", "256")]
    [InlineData("-t", "ecdsa", "-b", "384")]
    [InlineData("-t", "ecdsa", "-b", "521")]
    [InlineData("-t", "ecdsa", "-b", "521", "-m", "PEM")]
    [InlineData("-t", "ecdsa", "-b", "256", "-m", "PKCS8")]
    public void A_key_is_the_one_that_ssh_keygen_made(params string[] flags)
    {
        string file = _keys.Make("key", flags);

        using SshKey key = PrivateKeyFile.Read(file, File.ReadAllBytes(file));

        Assert.Equal(KeyFolder.Blob(file), key.PublicBlob);
    }

    /// <summary>RFC 8410 §10.3.</summary>
    [Fact]
    public void OpenSSLs_form_of_Ed25519_is_read()
    {
        const string Text = "-----BEGIN PRIVATE KEY-----\nMC4CAQAwBQYDK2VwBCIEINTuctv5E1hK1bbY8fdp+K06/nwoy/HU++CXqI9EdVhC\n-----END PRIVATE KEY-----\n";

        using SshKey key = PrivateKeyFile.Read("key", Encoding.ASCII.GetBytes(Text));

        Assert.Equal("19bf44096984cdfe8541bac167dc3b96c85086aa30b6b6cb0c5c38ad703166e1", Convert.ToHexStringLower(key.PublicBlob.AsSpan(^32)));
    }

    [Theory]
    [InlineData("-t", "ed25519")]
    [InlineData("-t", "rsa", "-b", "2048", "-m", "PEM")]
    [InlineData("-t", "ecdsa", "-b", "256", "-m", "PKCS8")]
    public void A_key_with_a_passphrase_is_for_an_agent(params string[] flags)
    {
        string file = _keys.Make("key", [.. flags, "-N", "a passphrase"]);

        TareException refused = Assert.Throws<TareException>(() => PrivateKeyFile.Read(file, File.ReadAllBytes(file)));

        Assert.Equal(ErrorKind.NotSupported, refused.Kind);
        Assert.Equal($"ssh key {file}: it is protected by a passphrase", refused.Message);
        Assert.Contains("--ssh default", refused.Hint, StringComparison.Ordinal);
    }

    [Fact]
    public void A_public_key_is_none_of_these()
    {
        string file = _keys.Make("key", "-t", "ed25519");

        TareException refused = Assert.Throws<TareException>(() => PrivateKeyFile.Read("key.pub", File.ReadAllBytes(file + ".pub")));

        Assert.Equal("ssh key key.pub: it holds no private key", refused.Message);
        Assert.Contains(".pub", refused.Hint, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("-t", "ed25519")]
    [InlineData("-t", "rsa", "-b", "1024")]
    [InlineData("-t", "ecdsa", "-b", "256")]
    [InlineData("-t", "ecdsa", "-b", "256", "-m", "PEM")]
    public void A_damaged_key_is_an_error_and_never_another_key(params string[] flags)
    {
        string file = _keys.Make("key", flags);
        string[] lines = File.ReadAllLines(file);
        byte[] content = Convert.FromBase64String(string.Concat(lines[1..^1]));
        byte[] blob = KeyFolder.Blob(file);
        for (int i = 0; i < content.Length; i++)
        {
            byte[] damaged = [.. content];
            damaged[i] ^= 0xFF;
            ReadDamaged(lines[0], lines[^1], damaged, blob);
            ReadDamaged(lines[0], lines[^1], content[..i], blob);
        }
    }

    private static void ReadDamaged(string first, string last, byte[] content, byte[] blob)
    {
        try
        {
            byte[] text = Encoding.ASCII.GetBytes($"{first}\n{Convert.ToBase64String(content)}\n{last}\n");
            using SshKey key = PrivateKeyFile.Read("key", text);

            // what is damaged was its comment or its padding
            Assert.Equal(blob, key.PublicBlob);
        }
        catch (TareException refused)
        {
            Assert.True(refused.Kind is ErrorKind.InvalidArgument or ErrorKind.NotSupported, refused.ToString());
        }
    }
}
