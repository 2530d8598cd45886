// SPDX-License-Identifier: Apache-2.0
using Tare.Images.Remote.Credentials;
using Tare.Oci;

namespace Tare.Images.Tests.Remote.Credentials;

public sealed class CredentialFileTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("tare-credentials-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData("docker.io", "hub:pw")]
    [InlineData("r.example", "a:b:c")]
    [InlineData("r.example:5000", "port:pw")]
    [InlineData("old.example", "old:pw")]
    [InlineData("plain.example", "name:word")]
    [InlineData("token.example", ":refresh token")]
    [InlineData("empty.example", null)]
    [InlineData("example", null)]
    [InlineData("evil.r.example", null)]
    [InlineData("r.example:443", null)]
    public void A_registry_gets_what_is_filed_under_its_own_name(string registry, string? expected)
    {
        CredentialFile file = Write(
            """
            {"auths": {
              "https://index.docker.io/v1/": {"auth": "aHViOnB3"},
              "r.example": {"auth": "YTpiOmM="},
              "r.example:5000": {"auth": "cG9ydDpwdw=="},
              "https://old.example/v2/": {"auth": "b2xkOnB3"},
              "plain.example": {"username": "name", "password": "word"},
              "token.example": {"identitytoken": "refresh"},
              "empty.example": {}
            }, "HttpHeaders": {"X": "y"}}
            """);

        Credential? found = file.Find(registry);

        Assert.Equal(expected, found is null ? null : $"{found.User}:{found.Secret}{(found.IsIdentityToken ? " token" : "")}");
    }

    [Fact]
    public void No_file_is_no_credentials() => Assert.Null(new CredentialFile(_folder + "/absent/config.json").Find("r.example"));

    [Theory]
    [InlineData("{")]
    [InlineData("[]")]
    [InlineData("""{"auths": {"r.example": {"auth": "%%%"}}}""")]
    [InlineData("""{"auths": {"r.example": {"auth": "YQ=="}}}""")]
    [InlineData("""{"auths": {"r.example": 5}}""")]
    public void A_malformed_file_is_an_error_and_shows_nothing_of_it(string text)
    {
        TareException e = Assert.Throws<TareException>(() => Write(text).Find("r.example"));

        Assert.Equal(ErrorKind.InvalidArgument, e.Kind);
        Assert.StartsWith($"credentials {_folder}/config.json: ", e.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("%%%", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_secret_does_not_print_itself() =>
        Assert.DoesNotContain("s3cret", new Credential("user", "s3cret").ToString(), StringComparison.Ordinal);

    private CredentialFile Write(string text)
    {
        File.WriteAllText(_folder + "/config.json", text);
        return new CredentialFile(_folder + "/config.json");
    }
}
