// SPDX-License-Identifier: Apache-2.0
using Tare.Oci;

namespace Tare.Images.Remote;

/// <summary>Who wants to know how a pull comes along; called from one thread at a time.</summary>
/// <param name="Begun">a name was found at its registry and is about to be fetched</param>
/// <param name="Layer">a layer is further than before</param>
/// <param name="Done">an image is there, durable</param>
internal sealed record PullWatch(Action<Reference> Begun, Action<ImageLayer, LayerStage> Layer, Action<PulledImage> Done)
{
    /// <summary>Bytes of a layer that came so far, some times a second.</summary>
    public Action<ImageLayer, long>? Moved { get; init; }

    /// <summary>Nobody.</summary>
    public static PullWatch None { get; } = new(static _ => { }, static (_, _) => { }, static _ => { });
}
