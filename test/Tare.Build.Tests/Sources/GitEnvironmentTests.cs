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
    public void Other_protocols_get_no_token() => Assert.Empty(GitAuthorization.Of(Settings, "git@example.com:a.git"));
}
