// SPDX-License-Identifier: Apache-2.0
namespace Tare.Images.Places;

/// <summary>Kinds of places where images are.</summary>
internal enum PlaceKind
{
    /// <summary>A repository of a registry.</summary>
    Registry,

    /// <summary>An OCI layout in a folder.</summary>
    Layout,

    /// <summary>An OCI layout in one tar.</summary>
    LayoutArchive,

    /// <summary>What <c>docker save</c> writes and <c>docker load</c> reads.</summary>
    DockerArchive,

    /// <summary>This host's own images.</summary>
    Store,
}
