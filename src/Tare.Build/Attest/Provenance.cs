// SPDX-License-Identifier: Apache-2.0
using System.Text.Json;

namespace Tare.Build.Attest;

/// <summary>How an image came to be, in SLSA's words and BuildKit's members.</summary>
/// <remarks>
/// slsa.dev/spec/v0.2/provenance and v1.0/provenance; BuildKit docs/attestations/slsa-definitions.md. Other than there no
/// moment and no id of the run is told, so that equal builds have equal provenance.
/// </remarks>
internal sealed class Provenance(BuildFacts facts, AttestRequest request)
{
    private const string BuildType = "https://mobyproject.org/buildkit@v1";
    private const string FirstBuildType = "https://github.com/moby/buildkit/blob/master/docs/attestations/slsa-definitions.md";

    /// <summary>The predicate's type.</summary>
    public string Type => request.IsFirst ? "https://slsa.dev/provenance/v1" : "https://slsa.dev/provenance/v0.2";

    /// <summary>Writes the predicate.</summary>
    public void Write(Utf8JsonWriter writer)
    {
        writer.WriteStartObject();
        if (request.IsFirst)
        {
            WriteFirst(writer);
        }
        else
        {
            WriteOld(writer);
        }

        writer.WriteEndObject();
    }

    private void WriteOld(Utf8JsonWriter writer)
    {
        WriteBuilder(writer);
        writer.WriteString("buildType", BuildType);
        WriteMaterials(writer, "materials");
        writer.WriteStartObject("invocation");
        WriteSource(writer);
        writer.WritePropertyName("parameters");
        WriteParameters(writer);
        writer.WriteStartObject("environment");
        writer.WriteString("platform", facts.Host.ToString());
        writer.WriteEndObject();
        writer.WriteEndObject();
        if (request.IsFull)
        {
            WriteSteps(writer);
        }

        writer.WriteStartObject("metadata");
        writer.WriteStartObject("completeness");
        writer.WriteBoolean("parameters", request.IsFull);
        writer.WriteBoolean("environment", true);
        writer.WriteBoolean("materials", IsComplete);
        writer.WriteEndObject();
        writer.WriteBoolean("reproducible", request.IsReproducible);
        writer.WriteStartObject(BuildType + "#metadata");
        WriteRevision(writer);
        writer.WriteEndObject();
        writer.WriteEndObject();
    }

    private void WriteFirst(Utf8JsonWriter writer)
    {
        writer.WriteStartObject("buildDefinition");
        writer.WriteString("buildType", FirstBuildType);
        writer.WriteStartObject("externalParameters");
        WriteSource(writer);
        writer.WritePropertyName("request");
        WriteParameters(writer);
        writer.WriteEndObject();
        writer.WriteStartObject("internalParameters");
        writer.WriteString("builderPlatform", facts.Host.ToString());
        if (request.IsFull)
        {
            WriteSteps(writer);
        }

        writer.WriteEndObject();
        WriteMaterials(writer, "resolvedDependencies");
        writer.WriteEndObject();
        writer.WriteStartObject("runDetails");
        WriteBuilder(writer);
        writer.WriteStartObject("metadata");
        writer.WriteStartObject("buildkit_completeness");
        writer.WriteBoolean("request", request.IsFull);
        writer.WriteBoolean("resolvedDependencies", IsComplete);
        writer.WriteEndObject();
        writer.WriteBoolean("buildkit_reproducible", request.IsReproducible);
        writer.WriteStartObject("buildkit_metadata");
        WriteRevision(writer);
        writer.WriteEndObject();
        writer.WriteEndObject();
        writer.WriteEndObject();
    }

    /// <summary>What came from this host is not told by a digest.</summary>
    private bool IsComplete => facts.Locals.Count == 0;

    private void WriteBuilder(Utf8JsonWriter writer)
    {
        writer.WriteStartObject("builder");
        writer.WriteString("id", request.Builder);
        writer.WriteEndObject();
    }

    private void WriteMaterials(Utf8JsonWriter writer, string name)
    {
        writer.WriteStartArray(name);
        foreach (Material material in facts.Materials)
        {
            writer.WriteStartObject();
            writer.WriteString("uri", material.Uri);
            WriteDigest(writer, material);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    }

    private void WriteSource(Utf8JsonWriter writer)
    {
        writer.WriteStartObject("configSource");
        if (facts.Source is { } source)
        {
            writer.WriteString("uri", source.Uri);
            WriteDigest(writer, source);
        }

        writer.WriteString(request.IsFirst ? "path" : "entryPoint", facts.Dockerfile);
        writer.WriteEndObject();
    }

    private static void WriteDigest(Utf8JsonWriter writer, Material material)
    {
        writer.WriteStartObject("digest");
        writer.WriteString(material.Algorithm, material.Digest);
        writer.WriteEndObject();
    }

    /// <summary>Arguments and ids of secrets are told with mode=max only, as BuildKit does.</summary>
    private void WriteParameters(Utf8JsonWriter writer)
    {
        writer.WriteStartObject();
        writer.WriteString("frontend", "dockerfile.v0");
        if (request.IsFull)
        {
            writer.WriteStartObject("args");
            foreach ((string name, string value) in facts.Options.OrderBy(static pair => pair.Key, StringComparer.Ordinal))
            {
                writer.WriteString(name, value);
            }

            writer.WriteEndObject();
            WriteIds(writer, "secrets", "id", facts.SecretIds);
            WriteIds(writer, "ssh", "id", facts.AgentIds);
        }

        WriteIds(writer, "locals", "name", facts.Locals);
        writer.WriteEndObject();
    }

    private static void WriteIds(Utf8JsonWriter writer, string list, string member, IReadOnlyList<string> ids)
    {
        if (ids.Count == 0)
        {
            return;
        }

        writer.WriteStartArray(list);
        foreach (string id in ids)
        {
            writer.WriteStartObject();
            writer.WriteString(member, id);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    }

    private void WriteSteps(Utf8JsonWriter writer)
    {
        writer.WriteStartObject("buildConfig");
        writer.WriteStartArray("steps");
        foreach (Graph.Vertex step in facts.Steps)
        {
            writer.WriteStartObject();
            writer.WriteString("id", step.Id.ToString());
            writer.WriteString("name", Sources.RemoteText.WithoutPasswords(step.Name));
            writer.WriteStartArray("inputs");
            foreach (Graph.Vertex? input in step.Inputs)
            {
                writer.WriteStringValue(input is null ? "scratch" : input.Id.ToString());
            }

            writer.WriteEndArray();
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        writer.WriteEndObject();
    }

    private void WriteRevision(Utf8JsonWriter writer)
    {
        if (facts.Revision is { } revision)
        {
            writer.WriteStartObject("vcs");
            writer.WriteString("revision", revision);
            if (facts.Source is { } source)
            {
                writer.WriteString("source", source.Uri);
            }

            writer.WriteEndObject();
        }
    }
}
