// SPDX-License-Identifier: Apache-2.0
using System.Text;
using System.Text.Json;
using Tare.Build.Attest;
using Tare.Cli.Output;
using Tare.Images.Building;
using Tare.Oci;

namespace Tare.Cli.Commands;

/// <summary>What <c>--metadata-file</c> says, in buildx's members.</summary>
/// <remarks>docs.docker.com/reference/cli/docker/buildx/build#metadata-file.</remarks>
/// <param name="Root">what names lead to</param>
/// <param name="Config">the image's ID; null for an index of several</param>
/// <param name="Names">as references in full</param>
internal sealed record BuildMetadata(Descriptor Root, Digest? Config, IReadOnlyList<Reference> Names)
{
    /// <summary>Of several outputs the first that is an image counts, one in the store before all archives.</summary>
    public static BuildMetadata? Better(BuildMetadata? before, BuildOutput output, BuiltResult built, IReadOnlyList<Reference> names) =>
        before is { IsStored: true } || !output.IsImage || (before is not null && output.Kind != "image")
            ? before
            : new BuildMetadata(built.Root, built.Image.Config.Digest, names) { IsStored = output.Kind == "image" };

    /// <summary>It is in the store.</summary>
    public bool IsStored { get; init; }

    /// <param name="image">null: there is none, only files or nothing</param>
    /// <param name="statements">that were made; with the platform where there are several, else with null</param>
    public static byte[] Text(BuildMetadata? image, IEnumerable<(Platform? Platform, IReadOnlyList<Attestation> Statements)> statements)
    {
        JsonElement document = Json.Build(writer =>
        {
            writer.WriteStartObject();
            foreach ((Platform? platform, IReadOnlyList<Attestation> said) in statements)
            {
                WriteProvenance(writer, platform, said);
            }

            image?.Write(writer);
            writer.WriteEndObject();
        });
        return Encoding.UTF8.GetBytes(Json.Pretty(document) + "\n");
    }

    private static void WriteProvenance(Utf8JsonWriter writer, Platform? platform, IReadOnlyList<Attestation> statements)
    {
        if (statements.FirstOrDefault(static one => one.PredicateType != SpdxDocument.PredicateType) is { } provenance)
        {
            using JsonDocument statement = JsonDocument.Parse(provenance.Statement);
            writer.WritePropertyName("buildx.build.provenance" + (platform is null ? "" : $"/{platform}"));
            statement.RootElement.GetProperty("predicate").WriteTo(writer);
        }
    }

    private void Write(Utf8JsonWriter writer)
    {
        if (Config is { } config)
        {
            writer.WriteString("containerimage.config.digest", config.ToString());
        }

        writer.WriteStartObject("containerimage.descriptor");
        writer.WriteString("mediaType", Root.MediaType);
        writer.WriteString("digest", Root.Digest.ToString());
        writer.WriteNumber("size", Root.Size);
        writer.WriteEndObject();
        writer.WriteString("containerimage.digest", Root.Digest.ToString());
        if (Names.Count > 0)
        {
            writer.WriteString("image.name", string.Join(',', Names.Select(static name => name.ToString())));
        }
    }
}
