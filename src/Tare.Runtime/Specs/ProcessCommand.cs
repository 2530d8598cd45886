// SPDX-License-Identifier: Apache-2.0
using Tare.Oci;

namespace Tare.Runtime.Specs;

/// <summary>Docker's rules for entrypoint and command.</summary>
internal static class ProcessCommand
{
    /// <summary>What runs: the entrypoint, then the command.</summary>
    /// <remarks>A user's entrypoint drops the image's command; a user's command replaces the image's and keeps its
    /// entrypoint.</remarks>
    /// <exception cref="TareException">InvalidArgument when nothing is left to run, or a text holds a zero</exception>
    public static IReadOnlyList<string> Compose(RunConfig image, ContainerOptions options)
    {
        IReadOnlyList<string> entrypoint = options.Entrypoint ?? image.Entrypoint ?? [];
        bool isImageCommand = options.Command.Count == 0 && options.Entrypoint is null or [];
        IReadOnlyList<string> command = isImageCommand ? image.Cmd ?? [] : options.Command;
        // [""] is how the command line and Dockerfiles spell "no entrypoint".
        IReadOnlyList<string> all = [.. entrypoint is [""] ? [] : entrypoint, .. command];
        if (all.Count == 0)
        {
            throw new TareException(
                ErrorKind.InvalidArgument, "no command specified", "name a program to run after the image");
        }
        return all.FirstOrDefault(static text => text.Contains('\0', StringComparison.Ordinal)) is { } broken
            ? throw new TareException(ErrorKind.InvalidArgument, $"argument {Quoted.Text(broken)} holds a zero byte")
            : all;
    }
}
