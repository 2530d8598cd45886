// SPDX-License-Identifier: Apache-2.0
using Tare.Oci;

namespace Tare.Images.Places;

/// <summary>Where an image is or goes to, as the command line spells it.</summary>
/// <remarks>skopeo's spelling (containers-transports(5)), with <c>store:</c> for our own.</remarks>
/// <param name="Kind">what kind of place</param>
/// <param name="Path">of the folder or file; empty for others</param>
/// <param name="Label">the image in it: a name, a tag, a digest, an ID; null: the only one</param>
internal sealed record Place(PlaceKind Kind, string Path, string? Label)
{
    private static readonly (string Prefix, PlaceKind Kind)[] Kinds =
    [
        ("docker://", PlaceKind.Registry),
        ("oci:", PlaceKind.Layout),
        ("oci-archive:", PlaceKind.LayoutArchive),
        ("docker-archive:", PlaceKind.DockerArchive),
        ("store:", PlaceKind.Store),
    ];

    /// <exception cref="TareException">InvalidArgument: it names no place</exception>
    public static Place Parse(string text)
    {
        foreach ((string prefix, PlaceKind kind) in Kinds)
        {
            if (text.StartsWith(prefix, StringComparison.Ordinal) && text.Length > prefix.Length)
            {
                string rest = text.Substring(prefix.Length);
                return kind is PlaceKind.Registry or PlaceKind.Store ? Named(kind, rest) : InFile(kind, rest);
            }
        }
        throw new TareException(
            ErrorKind.InvalidArgument,
            $"{Quoted.Text(text)} is no place for images",
            "write docker://NAME, oci:FOLDER[:TAG], oci-archive:FILE[:TAG], docker-archive:FILE[:NAME] or store:NAME");
    }

    /// <summary>The label as the name of an image.</summary>
    /// <exception cref="TareException">InvalidArgument: it is none</exception>
    public Reference Name => Reference.Parse(Label ?? "");

    public override string ToString()
    {
        string prefix = Array.Find(Kinds, k => k.Kind == Kind).Prefix;
        return Path.Length == 0 ? prefix + Label
            : Label is null ? prefix + Path
            : $"{prefix}{Path}{(Digest.TryParse(Label, out _) ? '@' : ':')}{Label}";
    }

    private static Place Named(PlaceKind kind, string text)
    {
        if (kind == PlaceKind.Registry)
        {
            _ = Reference.Parse(text);
        }
        return new(kind, "", text);
    }

    private static Place InFile(PlaceKind kind, string text)
    {
        int at = text.LastIndexOf("@sha", StringComparison.Ordinal);
        if (at > 0 && Digest.TryParse(text.AsSpan(at + 1), out _))
        {
            return new(kind, text.Substring(0, at), text.Substring(at + 1));
        }
        int colon = text.IndexOf(':', StringComparison.Ordinal);
        return colon == 0 || colon == text.Length - 1
            ? throw new TareException(ErrorKind.InvalidArgument, $"{Quoted.Text(text)}: want a path, or a path, a colon and a name")
            : colon < 0 ? new(kind, text, null)
            : new(kind, text.Substring(0, colon), text.Substring(colon + 1));
    }
}
