// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Tare.Build.Solve;

namespace Tare.Build.Attest;

/// <summary>The packages of an image as SPDX.</summary>
/// <remarks>spdx.github.io/spdx-spec/v2.3, JSON form. Equal images have equal documents.</remarks>
/// <param name="name">of the image, for people</param>
/// <param name="packages">in order</param>
/// <param name="release">of os-release(5): for package URLs</param>
/// <param name="time">when the image was made</param>
internal sealed class SpdxDocument(
    string name, IReadOnlyList<Package> packages, IReadOnlyDictionary<string, string> release, BuildTime time)
{
    public const string PredicateType = "https://spdx.dev/Document";

    private const string Nothing = "NOASSERTION";
    private const string Whole = "SPDXRef-Image";

    /// <summary>Writes the document.</summary>
    public void Write(Utf8JsonWriter writer)
    {
        writer.WriteStartObject();
        writer.WriteString("spdxVersion", "SPDX-2.3");
        writer.WriteString("dataLicense", "CC0-1.0");
        writer.WriteString("SPDXID", "SPDXRef-DOCUMENT");
        writer.WriteString("name", name);
        writer.WriteString("documentNamespace", "https://spdx.org/spdxdocs/tare-" + Fingerprint());
        writer.WriteStartObject("creationInfo");
        writer.WriteString("created", time.Text);
        writer.WriteStartArray("creators");
        writer.WriteStringValue("Tool: tare");
        writer.WriteEndArray();
        writer.WriteEndObject();
        WritePackages(writer);
        WriteRelationships(writer);
        writer.WriteEndObject();
    }

    private void WritePackages(Utf8JsonWriter writer)
    {
        writer.WriteStartArray("packages");
        writer.WriteStartObject();
        writer.WriteString("SPDXID", Whole);
        writer.WriteString("name", name);
        writer.WriteString("downloadLocation", Nothing);
        writer.WriteBoolean("filesAnalyzed", false);
        writer.WriteString("primaryPackagePurpose", "CONTAINER");
        writer.WriteEndObject();
        for (int i = 0; i < packages.Count; i++)
        {
            Write(writer, packages[i], i);
        }

        writer.WriteEndArray();
    }

    private void Write(Utf8JsonWriter writer, Package package, int number)
    {
        writer.WriteStartObject();
        writer.WriteString("SPDXID", IdOf(number));
        writer.WriteString("name", package.Name);
        writer.WriteString("versionInfo", package.Epoch is { } epoch ? $"{epoch}:{package.Version}" : package.Version);
        if (package.Maintainer is { } maintainer)
        {
            writer.WriteString("supplier", "Organization: " + maintainer.Replace('<', '(').Replace('>', ')'));
        }

        writer.WriteString("downloadLocation", Nothing);
        writer.WriteBoolean("filesAnalyzed", false);
        if (package.Homepage is { } homepage)
        {
            writer.WriteString("homepage", homepage);
        }

        writer.WriteString("licenseConcluded", Nothing);
        writer.WriteString("licenseDeclared", Nothing);
        if (package.License is { } license)
        {
            // what packages say is no valid expression as often as it is one
            writer.WriteString("licenseComments", license);
        }

        writer.WriteString("copyrightText", Nothing);
        writer.WriteStartArray("externalRefs");
        writer.WriteStartObject();
        writer.WriteString("referenceCategory", "PACKAGE-MANAGER");
        writer.WriteString("referenceType", "purl");
        writer.WriteString("referenceLocator", UrlOf(package));
        writer.WriteEndObject();
        writer.WriteEndArray();
        writer.WriteEndObject();
    }

    private void WriteRelationships(Utf8JsonWriter writer)
    {
        writer.WriteStartArray("relationships");
        Write(writer, "SPDXRef-DOCUMENT", "DESCRIBES", Whole);
        for (int i = 0; i < packages.Count; i++)
        {
            Write(writer, Whole, "CONTAINS", IdOf(i));
        }

        writer.WriteEndArray();
    }

    private static void Write(Utf8JsonWriter writer, string from, string kind, string to)
    {
        writer.WriteStartObject();
        writer.WriteString("spdxElementId", from);
        writer.WriteString("relationshipType", kind);
        writer.WriteString("relatedSpdxElement", to);
        writer.WriteEndObject();
    }

    private static string IdOf(int number) => string.Create(CultureInfo.InvariantCulture, $"SPDXRef-Package-{number + 1}");

    /// <summary>github.com/package-url/purl-spec, types deb, apk, rpm, npm, pypi, nuget.</summary>
    private string UrlOf(Package package)
    {
        if (!package.IsSystem)
        {
            // a scope of npm's is the namespace, and stays one
            string[] parts = package.Name.Split('/', 2);
            return $"pkg:{package.Kind}/{string.Join('/', parts.Select(Uri.EscapeDataString))}@{Uri.EscapeDataString(package.Version)}";
        }

        string vendor = release.GetValueOrDefault("ID") ?? package.Kind switch
        {
            "deb" => "debian",
            "apk" => "alpine",
            _ => "redhat",
        };
        List<string> more = [];
        if (package.Architecture is { } architecture)
        {
            more.Add("arch=" + Uri.EscapeDataString(architecture));
        }

        if (release.GetValueOrDefault("VERSION_ID") is { } version)
        {
            more.Add("distro=" + Uri.EscapeDataString($"{vendor}-{version}"));
        }

        if (package.Epoch is { } epoch)
        {
            more.Add("epoch=" + Uri.EscapeDataString(epoch));
        }

        if (package.Source is { } source && source != package.Name)
        {
            more.Add("upstream=" + Uri.EscapeDataString(source));
        }

        return $"pkg:{package.Kind}/{Uri.EscapeDataString(vendor)}/{Uri.EscapeDataString(package.Name)}@{Uri.EscapeDataString(package.Version)}"
            + (more.Count > 0 ? "?" + string.Join('&', more) : "");
    }

    private string Fingerprint()
    {
        string all = string.Join('\n', packages.Select(UrlOf).Prepend(time.Text).Prepend(name));
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(all)));
    }
}
