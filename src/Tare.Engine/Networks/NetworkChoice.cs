// SPDX-License-Identifier: Apache-2.0
using Tare.Engine.Containers;
using Tare.Oci;

namespace Tare.Engine.Networks;

/// <summary>Which networks a container is on, as far as what was asked decides it.</summary>
/// <param name="Mode">what inspect shows: none, host, or the first network</param>
/// <param name="Attachments">none with the modes none and host</param>
internal sealed record NetworkChoice(string Mode, IReadOnlyList<NetworkAttachment> Attachments)
{
    public bool IsHost => Mode == NetworkRow.Host;

    /// <param name="request">what was asked</param>
    /// <exception cref="TareException">InvalidArgument: modes and networks together; NotSupported</exception>
    public static NetworkChoice Of(RunRequest request)
    {
        string mode = request.Network is null or "" or "default" ? NetworkRow.Default : request.Network;
        IReadOnlyList<NetworkAttachment> asked = request.Networks;
        if (mode is NetworkRow.None or NetworkRow.Host)
        {
            return asked.Any(each => each.Network != mode)
                ? throw new TareException(ErrorKind.InvalidArgument, $"conflicting options: cannot attach both user-defined and non-user-defined network-modes ({mode})")
                : new(mode, []);
        }

        if (mode.StartsWith("container:", StringComparison.Ordinal) || mode.StartsWith("ns:", StringComparison.Ordinal))
        {
            throw new TareException(ErrorKind.NotSupported, $"network {mode}: joining another network namespace is not there yet");
        }

        return new(mode, asked.Count > 0 ? asked : [new NetworkAttachment(mode)]);
    }
}
