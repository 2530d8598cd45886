// SPDX-License-Identifier: Apache-2.0
namespace Tare.Oci.Tests;

public sealed class GoBooleanTests
{
    [Theory]
    [InlineData("1", true)]
    [InlineData("True", true)]
    [InlineData("f", false)]
    [InlineData("FALSE", false)]
    [InlineData("", null)]
    [InlineData("yes", null)]
    [InlineData("tRue", null)]
    public void Words_are_those_of_Go(string text, bool? truth) => Assert.Equal(truth, GoBoolean.Parse(text));
}
