// SPDX-License-Identifier: Apache-2.0
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Tare.Oci;

/// <summary>How containers of an image run unless they are told otherwise: the <c>config</c> member of its
/// config.</summary>
/// <remarks>image-spec config.md#properties, and Docker's extras (Healthcheck, OnBuild, Shell, ArgsEscaped …).
/// All of it is what the image says about itself; none of it grants anything.</remarks>
internal sealed record RunConfig
{
    /// <summary><c>user[:group]</c>, names or numbers.</summary>
    [JsonPropertyName("User")]
    public string? User { get; init; }

    /// <summary>Entries <c>port[/protocol]</c>.</summary>
    [JsonPropertyName("ExposedPorts")]
    [JsonConverter(typeof(NameSetJson))]
    public IReadOnlyList<string>? ExposedPorts { get; init; }

    /// <summary>Entries <c>NAME=value</c>; one without '=' means nothing and never takes a value from the
    /// host.</summary>
    [JsonPropertyName("Env")]
    public IReadOnlyList<string>? Env { get; init; }

    [JsonPropertyName("Entrypoint")]
    public IReadOnlyList<string>? Entrypoint { get; init; }

    [JsonPropertyName("Cmd")]
    public IReadOnlyList<string>? Cmd { get; init; }

    [JsonPropertyName("Healthcheck")]
    public Healthcheck? Healthcheck { get; init; }

    /// <summary>Windows only: the command is already one escaped line.</summary>
    [JsonPropertyName("ArgsEscaped")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool ArgsEscaped { get; init; }

    /// <summary>Paths that want a volume.</summary>
    [JsonPropertyName("Volumes")]
    [JsonConverter(typeof(NameSetJson))]
    public IReadOnlyList<string>? Volumes { get; init; }

    [JsonPropertyName("WorkingDir")]
    public string? WorkingDir { get; init; }

    /// <summary>Dockerfile instructions for the builds that start from this image.</summary>
    [JsonPropertyName("OnBuild")]
    public IReadOnlyList<string>? OnBuild { get; init; }

    [JsonPropertyName("Labels")]
    public IReadOnlyDictionary<string, string>? Labels { get; init; }

    /// <summary>A name (SIGTERM, TERM) or a number.</summary>
    [JsonPropertyName("StopSignal")]
    public string? StopSignal { get; init; }

    /// <summary>Seconds between the stop signal and SIGKILL.</summary>
    [JsonPropertyName("StopTimeout")]
    public int? StopTimeout { get; init; }

    /// <summary>What runs the shell form of later Dockerfile instructions.</summary>
    [JsonPropertyName("Shell")]
    public IReadOnlyList<string>? Shell { get; init; }

    /// <summary>Members that we do not know, kept for derived images.</summary>
    /// <remarks>Settable because the generated reader cannot fill init-only extension data.</remarks>
    [JsonExtensionData]
    public Dictionary<string, JsonElement>? Other { get; set; }
}
