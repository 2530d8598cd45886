// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using Tare.Oci;
using Tare.Oci.Runtime;

namespace Tare.Runtime.Bundles;

/// <summary>In what one more process differs from the first of its container.</summary>
internal sealed record ProcessChange
{
    /// <summary>argv</summary>
    public required IReadOnlyList<string> Args { get; init; }

    /// <summary>Null keeps the first process's.</summary>
    public string? Cwd { get; init; }

    /// <summary>Added to the first process's; of one name the last counts.</summary>
    public IReadOnlyList<string> Env { get; init; } = [];

    public bool Terminal { get; init; }

    /// <summary><c>uid[:gid]</c>; null keeps the first process's.</summary>
    public string? User { get; init; }

    /// <summary>Numbers of groups, added to the first process's.</summary>
    public IReadOnlyList<string> Gids { get; init; } = [];

    /// <summary>Added to all five sets.</summary>
    public IReadOnlyList<string> Capabilities { get; init; } = [];

    public bool NoNewPrivileges { get; init; }

    /// <exception cref="TareException">InvalidArgument: a number that is none</exception>
    public Process Of(Process first) => first with
    {
        Args = Args,
        Cwd = Cwd ?? first.Cwd,
        Env = [.. first.Env ?? [], .. Env],
        Terminal = Terminal,
        ConsoleSize = null,
        User = UserOf(first.User ?? new ProcessUser()),
        Capabilities = Capabilities.Count == 0 ? first.Capabilities : With(first.Capabilities ?? new CapabilitySets()),
        NoNewPrivileges = first.NoNewPrivileges || NoNewPrivileges,
    };

    private CapabilitySets With(CapabilitySets sets) => new()
    {
        Bounding = [.. sets.Bounding ?? [], .. Capabilities],
        Effective = [.. sets.Effective ?? [], .. Capabilities],
        Inheritable = sets.Inheritable,
        Permitted = [.. sets.Permitted ?? [], .. Capabilities],
        Ambient = sets.Ambient,
    };

    private ProcessUser UserOf(ProcessUser first)
    {
        ProcessUser user = first;
        if (User is { Length: > 0 } text)
        {
            string[] parts = text.Split(':', 2);
            user = user with { Uid = Number(parts[0], "user"), Gid = parts.Length > 1 ? Number(parts[1], "group") : user.Gid };
        }

        return Gids.Count == 0
            ? user
            : user with { AdditionalGids = [.. user.AdditionalGids ?? [], .. Gids.Select(gid => Number(gid, "group"))] };
    }

    private static uint Number(string text, string what) =>
        uint.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out uint number) && number <= int.MaxValue
            ? number
            : throw new TareException(ErrorKind.InvalidArgument, $"{what} {Quoted.Text(text)} is not a number from 0 to {int.MaxValue}");
}
