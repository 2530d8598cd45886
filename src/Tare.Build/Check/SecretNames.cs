// SPDX-License-Identifier: Apache-2.0
namespace Tare.Build.Check;

/// <summary>Names of variables that look as if their value were a secret.</summary>
/// <remarks>The word lists are those of docker build's rule SecretsUsedInArgOrEnv.</remarks>
internal static class SecretNames
{
    private static readonly string[] Suspicious =
        ["apikey", "auth", "credential", "credentials", "key", "password", "pword", "passwd", "secret", "token"];

    private static readonly string[] Harmless = ["public", "file", "version"];

    /// <summary>True when one of the words between '_' is suspicious and none harmless.</summary>
    public static bool IsSecret(string name)
    {
        string[] words = name.ToLowerInvariant().Split('_');
        return words.Any(Suspicious.Contains) && !words.Any(Harmless.Contains);
    }

    /// <summary>The finding.</summary>
    public static string Message(string keyword, string name) =>
        $"Do not use ARG or ENV instructions for sensitive data ({keyword} \"{name}\")";
}
