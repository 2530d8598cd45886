// SPDX-License-Identifier: Apache-2.0
using Tare.Oci;
using Tare.Runtime.Specs;

namespace Tare.Runtime.Tests.Specs;

public sealed class CpuSetTests
{
    [Theory]
    [InlineData("0")]
    [InlineData("0-3,7")]
    [InlineData("7,0-3,7")]
    [InlineData("8191")]
    public void Numbers_and_ranges_are_taken_as_written(string text) => Assert.Equal(text, CpuSet.Parse(text));

    [Theory]
    [InlineData("")]
    [InlineData("-")]
    [InlineData("1-")]
    [InlineData("-1")]
    [InlineData("3-1")]
    [InlineData("0,,1")]
    [InlineData("0,")]
    [InlineData("8192")]
    [InlineData("0-99999999999999")]
    [InlineData("a")]
    [InlineData("0 1")]
    [InlineData("0\n1")]
    [InlineData("٣")]
    public void Anything_else_is_refused(string text) => Assert.Throws<TareException>(() => CpuSet.Parse(text));
}
