// SPDX-License-Identifier: Apache-2.0
using Tare.Cli.Arguments;
using Tare.Cli.Help;

namespace Tare.Cli.Commands;

/// <summary><c>tare completion</c>: the script that a shell loads.</summary>
internal static class CompletionVerb
{
    public static Verb Create() => new("Print the completion script for a shell", "bash|zsh|fish", Act)
    {
        MinOperands = 1,
        MaxOperands = 1,
        NeedsRoot = false,
        Examples = [("source <(tare completion bash)", "completion in this shell")],
    };

    private static int Act(Session session, ParsedArguments arguments)
    {
        session.Output.Write(arguments.Operands[0] switch
        {
            "bash" => CompletionScript.Bash,
            "zsh" => CompletionScript.Zsh,
            "fish" => CompletionScript.Fish,
            var other => throw new UsageException($"unknown shell \"{other}\"; want bash, zsh or fish", 1),
        });
        return 0;
    }
}
