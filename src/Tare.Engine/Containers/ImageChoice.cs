// SPDX-License-Identifier: Apache-2.0
using Tare.Images.Store;
using Tare.Oci;

namespace Tare.Engine.Containers;

/// <summary>Finds the image that a new container is made from.</summary>
internal static class ImageChoice
{
    /// <exception cref="MissingImageException">it is not here and may be fetched</exception>
    /// <exception cref="TareException">NotFound: it is not here and may not</exception>
    public static StoredImage Find(ImageStore images, RunRequest request)
    {
        Platform? platform = PlatformOf(request);
        if (images.Find(request.Image, platform) is { } image)
        {
            return image;
        }

        string wanted = platform is null ? "" : $" for platform {platform}";
        string message = $"unable to find image '{request.Image}'{wanted} locally";
        throw request.Pull != PullPolicy.Never && Reference.TryParse(request.Image, out Reference? name)
            ? new MissingImageException(name, message)
            : new TareException(
                ErrorKind.NotFound, message, "see what there is with: tare images; fetch one with: tare pull NAME");
    }

    /// <summary>What the request says, completed by what this host is; null when it says nothing.</summary>
    /// <exception cref="TareException">InvalidArgument</exception>
    public static Platform? PlatformOf(RunRequest request) =>
        request.Platform is { } text ? Platform.Parse(text, HostInspection.Platform) : null;
}
