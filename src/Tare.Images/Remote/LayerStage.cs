// SPDX-License-Identifier: Apache-2.0
namespace Tare.Images.Remote;

/// <summary>How far a layer is on its way, in either direction.</summary>
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

    /// <summary>It is going to be sent.</summary>
    Preparing,

    /// <summary>The registry has it now.</summary>
    Pushed,

    /// <summary>The registry has it in another repository of its own, and now in this one.</summary>
    Mounted,
}
