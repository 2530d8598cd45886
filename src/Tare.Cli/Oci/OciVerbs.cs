// SPDX-License-Identifier: Apache-2.0
using Tare.Cli.Arguments;
using Tare.Oci;

namespace Tare.Cli.Oci;

/// <summary>Every verb of <c>tare oci</c>. To add one: a file in this folder and a line here.</summary>
internal static class OciVerbs
{
    public static readonly IReadOnlyList<(string Name, Func<OciVerb> Create)> All =
    [
        ("create", CreateVerb.Create),
        ("delete", DeleteVerb.Create),
        ("events", EventsVerb.Create),
        ("exec", ExecVerb.Create),
        ("features", FeaturesVerb.Create),
        ("kill", KillVerb.Create),
        ("list", ListVerb.Create),
        ("pause", PauseVerb.Pause),
        ("plan", PlanVerb.Create),
        ("ps", PsVerb.Create),
        ("resume", PauseVerb.Resume),
        ("run", RunVerb.Create),
        ("spec", SpecVerb.Create),
        ("start", StartVerb.Create),
        ("state", StateVerb.Create),
        ("update", UpdateVerb.Create),
    ];

    /// <summary>Builds the flags and the action of the verb that was asked for.</summary>
    /// <exception cref="TareException">NotSupported: a verb of runc's that is not here</exception>
    /// <exception cref="UsageException">no such verb; the message may say which one was meant</exception>
    public static OciVerb Find(string name)
    {
        foreach ((string known, Func<OciVerb> create) in All)
        {
            if (known == name)
            {
                return create();
            }
        }

        if (name is "checkpoint" or "restore")
        {
            throw new TareException(
                ErrorKind.NotSupported,
                $"{name}: there is no CRIU here, so that containers cannot be written to disk and go on elsewhere",
                "pause and resume stop one and let it go on, on this host");
        }

        string? nearest = Suggestion.Nearest(name, All.Select(verb => verb.Name));
        throw new UsageException($"unknown command: {name}{(nearest is null ? "" : $"; did you mean {nearest}?")}", 1);
    }
}
