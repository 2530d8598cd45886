// SPDX-License-Identifier: Apache-2.0
using Tare.Oci;

namespace Tare.Build.Sources;

/// <summary>git failed.</summary>
internal sealed class GitFailure : TareException
{
    private const int MaxLines = 5;
    private const int MaxLength = 300;

    private GitFailure(ErrorKind kind, string message, string? hint, string output)
        : base(kind, message, hint) => Output = output;

    /// <summary>What it complained of.</summary>
    public string Output { get; }

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
        bool isAbsent = output.Contains("not found", StringComparison.OrdinalIgnoreCase)
            || output.Contains("does not appear to be a git repository", StringComparison.Ordinal);
        return new GitFailure(
            isPrivate || isKeyless ? ErrorKind.Unauthenticated : isAbsent ? ErrorKind.NotFound : ErrorKind.Unavailable,
            $"git {command}{(remote is null ? "" : " " + RemoteText.WithoutPassword(remote))}: {cause}",
            isPrivate ? "give a token: --secret id=GIT_AUTH_TOKEN,env=NAME"
                : isKeyless ? "lend an agent that has the key: --ssh default" : null,
            output);
    }

    /// <summary>Without what could steer a terminal, and without passwords of URLs.</summary>
    private static string Printable(string line)
    {
        string plain = new([.. line.Where(static c => !char.IsControl(c))]);
        return RemoteText.WithoutPasswords(plain.Length > MaxLength ? plain[..MaxLength] : plain);
    }
}
