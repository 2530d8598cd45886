// SPDX-License-Identifier: Apache-2.0
using Tare.Cli.Help;

namespace Tare.Cli.Commands;

/// <summary><c>tare image</c> without more: lists what the group can do.</summary>
internal static class GroupVerb
{
    public static Call CallOf(string group) => new(group, [group], () => Create(group));

    private static Verb Create(string group) =>
        new(Verbs.Groups[group], "COMMAND", (session, _) => HelpPage.WriteGroup(session, group)) { NeedsRoot = false };
}
