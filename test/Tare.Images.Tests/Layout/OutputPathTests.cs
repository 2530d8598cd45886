// SPDX-License-Identifier: Apache-2.0
using Tare.Images.Layout;
using Tare.Oci;

namespace Tare.Images.Tests.Layout;

public sealed class OutputPathTests
{
    [Theory]
    [InlineData("/dev/full")]
    [InlineData("/proc/self/fd")]
    public void What_is_no_file_is_not_replaced_by_one(string path)
    {
        TareException refused = Assert.Throws<TareException>(() => OutputPath.Full(path));

        Assert.Equal(ErrorKind.InvalidArgument, refused.Kind);
        Assert.Equal($"invalid output path: \"{path}\" must be a regular file", refused.Message);
    }

    [Fact]
    public void A_path_without_a_file_is_fine() => Assert.Equal("/nowhere/image.tar", OutputPath.Full("/nowhere/x/../image.tar"));
}
