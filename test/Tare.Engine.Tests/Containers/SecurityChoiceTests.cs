// SPDX-License-Identifier: Apache-2.0
using Tare.Engine.Containers;
using Tare.Oci;
using Tare.Runtime.Specs;

namespace Tare.Engine.Tests.Containers;

public sealed class SecurityChoiceTests
{
    [Fact]
    public void Nothing_said_is_the_default_filter() =>
        Assert.Equal(SeccompChoice.Default, SecurityChoice.Parse([]).Seccomp);

    [Theory]
    [InlineData("no-new-privileges")]
    [InlineData("no-new-privileges=true")]
    [InlineData("no-new-privileges:true")]
    public void No_new_privileges_has_three_spellings(string option) =>
        Assert.True(SecurityChoice.Parse([option]).NoNewPrivileges);

    [Theory]
    [InlineData("seccomp")]
    [InlineData("seccomp=")]
    [InlineData("no-new-privileges=maybe")]
    [InlineData("turn-everything-off")]
    public void An_unknown_option_never_weakens_anything(string option)
    {
        TareException refused = Assert.Throws<TareException>(() => SecurityChoice.Parse([option]));

        Assert.Equal(ErrorKind.InvalidArgument, refused.Kind);
    }

    [Fact]
    public void A_profile_that_is_not_there_is_named()
    {
        TareException refused = Assert.Throws<TareException>(() => SecurityChoice.Parse(["seccomp=/no/such.json"]));

        Assert.Contains("/no/such.json", refused.Message, StringComparison.Ordinal);
    }
}
