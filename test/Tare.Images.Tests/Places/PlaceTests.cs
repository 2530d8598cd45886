// SPDX-License-Identifier: Apache-2.0
using Tare.Images.Places;
using Tare.Oci;

namespace Tare.Images.Tests.Places;

public class PlaceTests
{
    private const string Digest = "sha256:0123456789012345678901234567890123456789012345678901234567890123";

    [Theory]
    [InlineData("docker://debian", "Registry", "", "debian")]
    [InlineData("docker://r.example:5000/app:1", "Registry", "", "r.example:5000/app:1")]
    [InlineData("oci:folder", "Layout", "folder", null)]
    [InlineData("oci:/a/b:1.0", "Layout", "/a/b", "1.0")]
    [InlineData("oci:/a/b@" + Digest, "Layout", "/a/b", Digest)]
    [InlineData("oci-archive:x.tar:app", "LayoutArchive", "x.tar", "app")]
    [InlineData("docker-archive:x.tar:r.example:5000/app:1", "DockerArchive", "x.tar", "r.example:5000/app:1")]
    [InlineData("store:app", "Store", "", "app")]
    public void A_place_is_what_skopeo_calls_it(string text, string kind, string path, string? label)
    {
        Place place = Place.Parse(text);

        Assert.Equal(new Place(Enum.Parse<PlaceKind>(kind), path, label), place);
        Assert.Equal(text, place.ToString());
    }

    [Theory]
    [InlineData("debian")]
    [InlineData("docker:debian")]
    [InlineData("docker://")]
    [InlineData("docker://UPPER CASE")]
    [InlineData("oci:")]
    [InlineData("oci::x")]
    [InlineData("oci:a:")]
    public void What_is_no_place_is_refused(string text) =>
        Assert.Equal(ErrorKind.InvalidArgument, Assert.Throws<TareException>(() => Place.Parse(text)).Kind);
}
