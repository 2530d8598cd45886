// SPDX-License-Identifier: Apache-2.0
using Tare.Cli.Arguments;
using Tare.Cli.Requests;

namespace Tare.Cli.Commands;

/// <summary>What run, start, attach and exec say about the user's side of a container's streams.</summary>
internal static class StreamFlags
{
    public static readonly Flag<IReadOnlyList<byte>> DetachKeys = new(
        "--detach-keys",
        "string",
        "Override the key sequence for detaching a container",
        static (_, text) => KeySequence.Parse(text),
        KeySequence.Default);

    public static readonly Flag<bool> SigProxy =
        new("--sig-proxy", null, "Proxy received signals to the process (default true)", static (_, text) => text != "false" && text != "0", true);
}
