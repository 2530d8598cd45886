// SPDX-License-Identifier: Apache-2.0
namespace Tare.Images.Remote;

/// <summary>How far a layer is on its way.</summary>
internal enum LayerStage
{
    /// <summary>It is where it is wanted.</summary>
    AlreadyExists,

    /// <summary>Its bytes begin to come.</summary>
    Pulling,

    /// <summary>All bytes came and are right.</summary>
    Downloaded,

    /// <summary>Its files are made.</summary>
    Pulled,
}
