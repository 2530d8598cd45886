// SPDX-License-Identifier: Apache-2.0
using Tare.Oci;

namespace Tare.Server.Registry.Access;

/// <summary>Who may do what with which repositories: lines of <c>USER REPOSITORY RIGHTS</c>.</summary>
/// <remarks>USER is a name of the password file, <c>*</c> for each of them, or <c>anonymous</c>. REPOSITORY is a name, or
/// the beginning of names followed by <c>*</c>. RIGHTS are <c>pull</c>, <c>push</c>, <c>delete</c>, with commas
/// between. All lines that fit count; what no line gives is refused.</remarks>
internal sealed class RightsFile
{
    private const string Anonymous = "anonymous";
    private const int MaxBytes = 4 << 20;

    private readonly List<(string User, string Repository, Right Rights)> _lines;

    private RightsFile(List<(string User, string Repository, Right Rights)> lines) => _lines = lines;

    /// <exception cref="TareException">NotFound, InvalidArgument: the line is named</exception>
    public static RightsFile Read(string path)
    {
        List<(string User, string Repository, Right Rights)> lines = [];
        foreach ((int number, string line) in TextLines.Read(path, MaxBytes))
        {
            string[] words = line.Split((char[])[' ', '\t'], StringSplitOptions.RemoveEmptyEntries);
            if (words.Length != 3 || !IsPattern(words[1]) || Parse(words[2]) is not { } rights)
            {
                throw new TareException(
                    ErrorKind.InvalidArgument, $"{Quoted.Text(path)}: line {number}: want USER REPOSITORY RIGHTS",
                    "for example: alice team/* pull,push");
            }

            lines.Add((words[0], words[1], rights));
        }

        return new(lines);
    }

    /// <summary>What a user, or somebody unknown (null), may do with a repository.</summary>
    public Right Of(string? user, string repository)
    {
        Right rights = Right.None;
        foreach ((string lineUser, string pattern, Right given) in _lines)
        {
            bool isUser = user is null ? lineUser == Anonymous : lineUser == "*" || lineUser == user;
            rights |= isUser && Fits(pattern, repository) ? given : Right.None;
        }

        return rights;
    }

    private static bool Fits(string pattern, string repository) => pattern.EndsWith('*')
        ? repository.AsSpan().StartsWith(pattern.AsSpan(0, pattern.Length - 1))
        : repository == pattern;

    private static bool IsPattern(string text) => text.IndexOf('*', StringComparison.Ordinal) is var star
        && (star < 0 ? ReferenceGrammar.RefuseRepository(text) is null : star == text.Length - 1);

    private static Right? Parse(string text)
    {
        Right rights = Right.None;
        foreach (string word in text.Split(','))
        {
            Right right = word switch
            {
                "pull" => Right.Pull,
                "push" => Right.Push,
                "delete" => Right.Delete,
                _ => Right.None,
            };
            if (right == Right.None)
            {
                return null;
            }

            rights |= right;
        }

        return rights;
    }
}
