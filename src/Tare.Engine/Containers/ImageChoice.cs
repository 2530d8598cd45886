// SPDX-License-Identifier: Apache-2.0
using Tare.Images.Store;
using Tare.Oci;

namespace Tare.Engine.Containers;

/// <summary>Finds the image that a new container is made from.</summary>
internal static class ImageChoice
{
    /// <exception cref="TareException">NotFound; NotSupported: it would have to be fetched</exception>
    public static StoredImage Find(ImageStore images, RunRequest request)
    {
        Platform? platform = request.Platform is { } text ? Platform.Parse(text, HostInspection.Platform) : null;
        StoredImage? image = request.Pull == PullPolicy.Always ? null : images.Find(request.Image, platform);
        if (image is not null)
        {
            return image;
        }

        if (request.Pull == PullPolicy.Always)
        {
            throw new TareException(
                ErrorKind.NotSupported,
                $"pull {request.Image}: this version does not fetch images",
                "load one with: tare load -i FILE, or leave out --pull always");
        }

        string wanted = platform is null ? "" : $" for platform {platform}";
        throw new TareException(
            ErrorKind.NotFound,
            $"unable to find image '{request.Image}'{wanted} locally",
            "see what there is with: tare images; load one with: tare load -i FILE");
    }
}
