// SPDX-License-Identifier: Apache-2.0
using System.Text;
using Tare.Build.Sources;

namespace Tare.Build.Tests.Sources;

public sealed class GitEnvironmentTests
{
    private static readonly SourceSettings Settings = new(null!, null!)
    {
        Variable = static name => name switch
        {
            "PATH" => "/usr/bin",
            "GIT_SSH_COMMAND" or "GIT_EXTERNAL_DIFF" or "GIT_CONFIG_GLOBAL" or "EDITOR" or "LD_PRELOAD" => "/tmp/evil",
            "SSH_AUTH_SOCK" => "/run/agent",
            "HOME" => "/home/a %me",
            _ => null,
        },
        Secret = static id => id switch
        {
            "GIT_AUTH_TOKEN" => "general"u8.ToArray(),
            "GIT_AUTH_TOKEN.example.com" => "special"u8.ToArray(),
            _ => null,
        },
    };

    [Fact]
    public void Nothing_of_the_users_runs_and_nothing_asks()
    {
        List<string> all = GitEnvironment.Of(Settings, "https://host/a.git", local: false);

        Assert.DoesNotContain(all, one => one.Contains("evil", StringComparison.Ordinal) || one.Contains("/run/agent", StringComparison.Ordinal));
        Assert.Contains("GIT_TERMINAL_PROMPT=0", all);
        Assert.Contains("GIT_CONFIG_GLOBAL=/dev/null", all);
        Assert.Contains("GIT_CONFIG_NOSYSTEM=1", all);
        Assert.Contains("GIT_ALLOW_PROTOCOL=http:https:git:ssh", all);
        Assert.Contains(all, one => one.StartsWith("GIT_CONFIG_VALUE_", StringComparison.Ordinal) && one.EndsWith("=/dev/null", StringComparison.Ordinal));
    }

    [Fact]
    public void Without_a_remote_no_protocol_is_allowed() =>
        Assert.Contains("GIT_ALLOW_PROTOCOL=", GitEnvironment.Of(Settings, null, local: false));

    [Theory]
    [InlineData("https://example.com/a.git", "special", "http.https://example.com/.extraheader")]
    [InlineData("https://other.org:8443/a.git", "general", "http.https://other.org:8443/.extraheader")]
    public void A_token_goes_to_its_host_alone_and_never_into_arguments(string remote, string token, string key)
    {
        string sent = Convert.ToBase64String(Encoding.UTF8.GetBytes("x-access-token:" + token));

        List<string> all = GitEnvironment.Of(Settings, remote, local: false);

        Assert.Contains(all, one => one.EndsWith($"=Authorization: basic {sent}", StringComparison.Ordinal));
        Assert.Contains(all, one => one.EndsWith("=" + key, StringComparison.Ordinal));
        Assert.DoesNotContain(new GitCall { Remote = remote }.Flags, flag => flag.Contains(sent, StringComparison.Ordinal));
    }

    [Fact]
    public void A_user_of_the_address_goes_before_secrets_and_no_credential_is_redirected()
    {
        IReadOnlyList<(string Key, string Value)> all = GitAuthorization.Of(Settings, "https://me:p%40ss@example.com/a.git");

        Assert.Equal(
            [
                ("http.https://example.com/.extraheader", "Authorization: basic " + Convert.ToBase64String("me:p@ss"u8)),
                ("http.https://example.com/.followRedirects", "false"),
            ],
            all);
    }

    [Fact]
    public void The_users_home_is_not_for_what_a_Dockerfile_names()
    {
        Assert.Contains("HOME=/nonexistent", GitEnvironment.Of(Settings, "https://host/a.git", local: false));
        Assert.Contains("HOME=/home/a %me", GitEnvironment.Of(Settings with { TrustsUserKeys = true }, "https://host/a.git", local: false));
    }

    [Theory]
    [InlineData(null, "/home/a %%me/.ssh/known_hosts")]
    [InlineData("/etc/known", "/etc/known")]
    public void Hosts_have_to_be_known(string? named, string file)
    {
        SourceSettings settings = Settings with { Variable = name => name == "SSH_KNOWN_HOSTS" ? named : Settings.Variable(name) };

        List<string> all = GitEnvironment.Of(settings, "ssh://host/a", local: false);

        Assert.Contains("TARE_KNOWN_HOSTS=" + file, all);
        Assert.Contains(all, static one => one.StartsWith("GIT_SSH_COMMAND=ssh -F /dev/null ", StringComparison.Ordinal)
            && one.Contains(" -o StrictHostKeyChecking=yes ", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("/a\"b")]
    [InlineData("/a\\b")]
    [InlineData("/${HOME}/b")]
    [InlineData("/a\nb")]
    public void A_file_of_known_hosts_that_ssh_would_read_otherwise_is_refused(string named)
    {
        SourceSettings settings = Settings with { Variable = name => name == "SSH_KNOWN_HOSTS" ? named : null };

        Assert.Throws<Tare.Oci.TareException>(() => GitEnvironment.Of(settings, "ssh://host/a", local: false));
    }

    [Fact]
    public void Other_protocols_get_no_token() => Assert.Empty(GitAuthorization.Of(Settings, "git@example.com:a.git"));
}
