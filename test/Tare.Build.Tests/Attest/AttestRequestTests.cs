// SPDX-License-Identifier: Apache-2.0
using Tare.Build.Attest;
using Tare.Oci;

namespace Tare.Build.Tests.Attest;

public sealed class AttestRequestTests
{
    [Fact]
    public void Nothing_is_said_unless_it_is_asked_for() => Assert.False(AttestRequest.Parse([], null, null).IsAny);

    [Theory]
    [InlineData("true", true, false, false)]
    [InlineData("false", false, false, false)]
    [InlineData("mode=max", true, true, false)]
    [InlineData("mode=min,version=v1", true, false, true)]
    [InlineData("disabled=true", false, false, false)]
    public void Provenance_has_a_short_form(string text, bool isThere, bool isFull, bool isFirst)
    {
        var request = AttestRequest.Parse([], text, null);

        Assert.Equal((isThere, isThere && isFull, isFirst, false), (request.HasProvenance, request.IsFull, request.IsFirst, request.HasSbom));
    }

    [Fact]
    public void The_long_form_says_the_same_and_the_short_one_has_the_last_word()
    {
        var both = AttestRequest.Parse(["type=provenance,mode=max,builder-id=https://ci", "type=sbom"], null, null);
        var none = AttestRequest.Parse(["type=provenance", "type=sbom"], "false", "false");

        Assert.True(both is { HasProvenance: true, IsFull: true, Builder: "https://ci", HasSbom: true });
        Assert.False(none.IsAny);
    }

    [Theory]
    [InlineData("mode=most")]
    [InlineData("maybe")]
    [InlineData("mode=max,colour=red")]
    public void What_is_malformed_is_refused(string text) =>
        Assert.Throws<FormatException>(() => AttestRequest.Parse([], text, null));

    [Theory]
    [InlineData("mode=max")]
    [InlineData("type=other")]
    public void An_attestation_has_a_known_type(string text) =>
        Assert.Throws<FormatException>(() => AttestRequest.Parse([text], null, null));

    [Fact]
    public void Other_generators_are_refused() => Assert.Equal(
        ErrorKind.NotSupported, Assert.Throws<TareException>(() => AttestRequest.Parse([], null, "generator=scanner")).Kind);
}
