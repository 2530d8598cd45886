// SPDX-License-Identifier: Apache-2.0
using System.Text;
using Tare.Build.Attest;
using Tare.Build.Tests.Steps;
using Tare.Linux.Files;

namespace Tare.Build.Tests.Attest;

public sealed class LanguageSearchTests
{
    [Fact]
    public void Packages_of_node_python_and_dotnet_are_found_where_their_managers_put_them()
    {
        using TempTree tree = new TempTree()
            .With("app/node_modules/left-pad/package.json", """{"name":"left-pad","version":"1.3.0","license":"WTFPL","author":{"name":"a"}}""")
            .With("app/node_modules/@scope/x/package.json", """{"name":"@scope/x","version":"2.0.0","license":{"type":"MIT"}}""")
            .With("app/node_modules/left-pad/test/package.json", """{"name":"not-installed","version":"1"}""")
            .With("app/package.json", """{"name":"app","version":"1"}""")
            .With("usr/lib/python3/site-packages/Flask_Thing-3.0.dist-info/METADATA", "Metadata-Version: 2.1\nName: Flask_Thing\nVersion: 3.0\nLicense: BSD\n\nVersion: 9\n")
            .With("usr/lib/python3/dist-packages/old.egg-info", "Name: old\nVersion: 0.1\nLicense: UNKNOWN\n")
            .With("usr/lib/python3/METADATA", "Name: no\nVersion: 1\n")
            .With("srv/app.deps.json", """{"libraries":{"Some.Package/4.0.1":{"type":"package"},"app/1.0.0":{"type":"project"}}}""")
            .Linked("again", "app");
        using Root root = Root.Open(tree.Folder);

        Assert.Equal(
            ["npm @scope/x 2.0.0 MIT", "npm left-pad 1.3.0 WTFPL", "nuget Some.Package 4.0.1 ", "pypi flask-thing 3.0 BSD", "pypi old 0.1 "],
            LanguageSearch.Run(root).Select(static one => $"{one.Kind} {one.Name} {one.Version} {one.License}").Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData("")]
    [InlineData("[]")]
    [InlineData("{")]
    [InlineData("""{"name":1,"version":{}}""")]
    [InlineData("""{"name":"a","version":"\ud800"}""")]
    [InlineData("""{"libraries":[],"name":"","version":"1"}""")]
    [InlineData("""{"libraries":{"a":1,"/":{"type":"package"},"b/c/d":{"type":"package"}}}""")]
    public void Rubbish_is_no_package(string text)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(text);

        Assert.Null(LanguagePackage.Node(bytes));
        Assert.Null(LanguagePackage.Python(bytes));
        Assert.Empty(LanguagePackage.DotNet(bytes));
    }
}
