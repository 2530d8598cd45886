// SPDX-License-Identifier: Apache-2.0
using System.Text.Json;
using Tare.Build.Attest;
using Tare.Build.Solve;
using Tare.Images.Building;
using Tare.Oci;

namespace Tare.Build.Tests.Attest;

public sealed class StatementTests
{
    private static readonly Platform Amd = new("amd64", "linux") { };
    private static readonly Digest Manifest = Digest.Of("manifest"u8.ToArray());

    private static readonly BuildFacts Facts = new(Amd, Amd, "Dockerfile")
    {
        Materials = [new Material("https://host/a.git#main", "sha1", new string('1', 40))],
        Locals = ["context"],
        Options = new Dictionary<string, string> { ["build-arg:VERSION"] = "2" },
        SecretIds = ["token"],
        Revision = new string('2', 40),
    };

    [Fact]
    public void The_subject_is_the_image_by_its_digest()
    {
        JsonElement statement = Statement(Request("true"), [Reference.Parse("host:5000/app:1")]);

        JsonElement subject = statement.GetProperty("subject")[0];
        Assert.Equal("pkg:docker/host:5000/app@1?platform=linux%2Famd64", subject.GetProperty("name").GetString());
        Assert.Equal(Manifest.Hex, subject.GetProperty("digest").GetProperty("sha256").GetString());
        Assert.Equal("https://slsa.dev/provenance/v0.2", statement.GetProperty("predicateType").GetString());
    }

    [Fact]
    public void The_short_mode_tells_no_arguments_and_no_secrets()
    {
        JsonElement parameters = Statement(Request("mode=min"), []).GetProperty("predicate").GetProperty("invocation").GetProperty("parameters");

        Assert.Equal(["frontend", "locals"], parameters.EnumerateObject().Select(member => member.Name));
    }

    [Fact]
    public void The_full_mode_tells_arguments_and_ids_of_secrets()
    {
        JsonElement predicate = Statement(Request("mode=max"), []).GetProperty("predicate");

        JsonElement parameters = predicate.GetProperty("invocation").GetProperty("parameters");
        Assert.Equal("2", parameters.GetProperty("args").GetProperty("build-arg:VERSION").GetString());
        Assert.Equal("token", parameters.GetProperty("secrets")[0].GetProperty("id").GetString());
        Assert.Equal(JsonValueKind.Array, predicate.GetProperty("buildConfig").GetProperty("steps").ValueKind);
        Assert.False(predicate.GetProperty("metadata").GetProperty("completeness").GetProperty("materials").GetBoolean());
    }

    [Fact]
    public void Both_versions_tell_what_went_into_it()
    {
        JsonElement old = Statement(Request("true"), []).GetProperty("predicate").GetProperty("materials")[0];
        JsonElement first = Statement(Request("version=v1"), []).GetProperty("predicate").GetProperty("buildDefinition").GetProperty("resolvedDependencies")[0];

        Assert.Equal("https://host/a.git#main", old.GetProperty("uri").GetString());
        Assert.True(JsonElement.DeepEquals(old, first));
    }

    [Fact]
    public void Packages_are_told_by_package_urls()
    {
        var document = new SpdxDocument(
            "app", [new Package("deb", "libc6", "2.36+1") { Architecture = "amd64", Source = "glibc" }],
            new Dictionary<string, string> { ["ID"] = "debian", ["VERSION_ID"] = "12" }, BuildTime.Fixed);

        JsonElement predicate = Parsed(Attest.StatementTests.Of(document)).GetProperty("predicate");

        Assert.Equal(
            "pkg:deb/debian/libc6@2.36%2B1?arch=amd64&distro=debian-12&upstream=glibc",
            predicate.GetProperty("packages")[1].GetProperty("externalRefs")[0].GetProperty("referenceLocator").GetString());
        Assert.Equal("SPDX-2.3", predicate.GetProperty("spdxVersion").GetString());
        Assert.Equal("1980-01-01T00:00:00Z", predicate.GetProperty("creationInfo").GetProperty("created").GetString());
    }

    private static Attestation Of(SpdxDocument document) =>
        Tare.Build.Attest.Statement.Of(SpdxDocument.PredicateType, [], Amd, Manifest, document.Write);

    private static AttestRequest Request(string provenance) => AttestRequest.Parse([], provenance, null);

    private static JsonElement Statement(AttestRequest request, IReadOnlyList<Reference> names) =>
        Parsed(Assert.Single(new Attesting(request, Facts).Of(names, Manifest, BuildTime.Fixed)));

    private static JsonElement Parsed(Attestation one)
    {
        using JsonDocument document = JsonDocument.Parse(one.Statement);
        return document.RootElement.Clone();
    }
}
