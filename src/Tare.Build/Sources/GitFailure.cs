// SPDX-License-Identifier: Apache-2.0
using Tare.Oci;

namespace Tare.Build.Sources;

/// <summary>git failed.</summary>
internal sealed class GitFailure : TareException
{
    private static readonly string[] Damages =
    [
        ".lock': File exists", "is corrupt", "is empty", "bad object", "not a git repository: '", "unable to read tree", "inflate:", "bad config",
        "packfile", "invalid sha1 pointer",
    ];

    private const int MaxLines = 5;
    private const int MaxLength = 300;

    private GitFailure(ErrorKind kind, string message, string? hint, string output)
        : base(kind, message, hint) => Output = output;

    /// <summary>What it complained of.</summary>
    public string Output { get; }

    /// <summary>The repository itself is to blame: a power cut or a killed run left it so.</summary>
    public bool IsDamage => Damages.Any(words => Output.Contains(words, StringComparison.Ordinal));

    /// <param name="command">what it was to do</param>
    /// <param name="remote">the repository, or null</param>
    /// <param name="output">its standard error</param>
    /// <param name="code">its exit code</param>
    public static GitFailure Of(string command, string? remote, string output, int code)
    {
        string[] lines = [.. output.Split('\n').Select(static line => Printable(line.TrimEnd('\r'))).Where(static line => line.Length > 0)];
        string cause = lines.Length == 0 ? $"exit code {code}" : string.Join("; ", lines.TakeLast(MaxLines));
        bool isPrivate = output.Contains("could not read Username", StringComparison.Ordinal)
            || output.Contains("Authentication failed", StringComparison.Ordinal)
            || output.Contains("terminal prompts disabled", StringComparison.Ordinal);
        bool isKeyless = output.Contains("Permission denied (publickey", StringComparison.Ordinal);
        bool isStranger = output.Contains("Host key verification failed", StringComparison.Ordinal);
        bool isElsewhere = output.Contains("requested URL returned error: 30", StringComparison.Ordinal);
        bool isAbsent = output.Contains("not found", StringComparison.OrdinalIgnoreCase)
            || output.Contains("does not appear to be a git repository", StringComparison.Ordinal);
        bool isGreedy = output.Contains("Out of memory", StringComparison.OrdinalIgnoreCase);
        return new GitFailure(
            isGreedy ? ErrorKind.ResourceExhausted : isPrivate || isKeyless || isStranger ? ErrorKind.Unauthenticated : isAbsent ? ErrorKind.NotFound : ErrorKind.Unavailable,
            $"git {command}{(remote is null ? "" : " " + RemoteText.WithoutPassword(remote))}: {cause}",
            isPrivate ? "give a token: --secret id=GIT_AUTH_TOKEN,env=NAME"
                : isStranger ? "compare the host's key, then add it to your known hosts: ssh-keyscan HOST >> ~/.ssh/known_hosts"
                : isKeyless ? "lend an agent that has the key, or the key: --ssh default[=FILE]"
                : isElsewhere ? "a token follows no redirect: name the address where the repository is now" : null,
            output);
    }

    /// <summary>It was ended because it took too much.</summary>
    /// <param name="command">what it was to do</param>
    /// <param name="remote">the repository, or null</param>
    /// <param name="verdict">what was too much</param>
    public static TareException Ended(string command, string? remote, TareException verdict) => new(
        verdict.Kind, $"git {command}{(remote is null ? "" : " " + RemoteText.WithoutPassword(remote))}: {verdict.Message}", verdict.Hint, verdict);

    /// <summary>Without what could steer a terminal, and without passwords of URLs.</summary>
    private static string Printable(string line)
    {
        string plain = new([.. line.Where(static c => !char.IsControl(c))]);
        return RemoteText.WithoutPasswords(plain.Length > MaxLength ? plain[..MaxLength] : plain);
    }
}
